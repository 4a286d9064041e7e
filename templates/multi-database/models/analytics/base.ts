import { declarativeBase } from 'aludel';

/** Every model of this database extends it; it holds what they declare. */
export const Base = declarativeBase();
