import { declarativeBase } from 'aludel';

export const Base = declarativeBase();
