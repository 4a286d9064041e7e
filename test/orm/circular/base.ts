import { declarativeBase } from '../../../src/orm/mapping/declarative.js';

export const Base = declarativeBase();
