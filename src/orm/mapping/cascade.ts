/** What happens to related objects. https://docs.sqlalchemy.org/en/20/orm/cascades.html */
export interface Cascade {
  /** Objects come into the session with those that lead to them. */
  readonly saveUpdate: boolean;
  readonly merge: boolean;
  /** Objects are deleted with those that lead to them. */
  readonly delete: boolean;
  /** Objects are deleted when they are taken out of the relation. */
  readonly deleteOrphan: boolean;
}

export const NO_CASCADE: Cascade = { saveUpdate: false, merge: false, delete: false, deleteOrphan: false };

const PARTS = ['save-update', 'merge', 'delete', 'delete-orphan', 'all'];

/** Reads `'all, delete-orphan'`. Default: `save-update, merge`. Gives a sentence where it cannot be read. */
export function parseCascade(text = 'save-update, merge'): Cascade | string {
  const parts = text.split(',').map((part) => part.trim());
  const unknown = parts.find((part) => !PARTS.includes(part));
  if (unknown !== undefined) return `the cascade "${unknown}" is not known: use ${PARTS.join(', ')}`;
  const has = (part: string): boolean => parts.includes(part) || (part !== 'delete-orphan' && parts.includes('all'));
  if (has('delete-orphan') && !has('delete'))
    return 'the cascade "delete-orphan" needs "delete": write "all, delete-orphan"';
  return {
    saveUpdate: has('save-update'),
    merge: has('merge'),
    delete: has('delete'),
    deleteOrphan: has('delete-orphan'),
  };
}
