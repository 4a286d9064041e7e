import { declarativeBase } from 'aludel';

/** All models extend a table of this Base. It stays in a file of its own: the models import it, never the reverse. */
export const Base = declarativeBase();
