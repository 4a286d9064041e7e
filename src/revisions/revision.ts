/** What one revision file declares in its header; plain data, in the order and spelling of the file. */
export interface Revision {
  /** The identifier; holds none of `@ - + :`, white space, and is none of `head`, `heads`, `base`. */
  readonly id: string;
  /** The versioned parents (`downRevision`): none for a base, several for a merge point. */
  readonly down: readonly string[];
  /** The branch labels declared on this revision itself; `labelsOf` gives those it inherits as well. */
  readonly branchLabels: readonly string[];
  /** Ids or branch labels of revisions that must run first although they are no parents. */
  readonly dependsOn: readonly string[];
  /** The ids that this revision was squashed from, but for its own, which was the last of them; absent in all others. */
  readonly replaces?: readonly string[];
  /** The first line of the leading doc comment, or null. */
  readonly message: string | null;
  /** The `Created:` line of the leading doc comment as written (ISO 8601 by our template), or null. */
  readonly createdAt: string | null;
  /** The path of the file, or null for a revision that was made in memory. */
  readonly file: string | null;
}

/** A revision inside a graph, with its neighbours. Refers to itself in circles: print `revision`, never the node. */
export interface RevisionNode {
  readonly id: string;
  readonly revision: Revision;
  /** The position in load order, which breaks ties between branches. */
  readonly index: number;
  /** The position in one topological order: greater than that of everything this revision needs. */
  readonly rank: number;
  /** The versioned parents. */
  readonly parents: readonly RevisionNode[];
  /** What `dependsOn` stands for, labels resolved. */
  readonly dependencies: readonly RevisionNode[];
  /** Parents, then the dependencies that no versioned ancestor has already. */
  readonly requires: readonly RevisionNode[];
  /** The revisions that name this one as a parent. */
  readonly children: readonly RevisionNode[];
  /** The children, and the revisions that depend on this one. */
  readonly followers: readonly RevisionNode[];
}

/** A revision with only an id and parents: the short form for tests, importers and revisions that are being made. */
export function makeRevision(id: string, fields: Partial<Omit<Revision, 'id'>> = {}): Revision {
  return {
    id,
    down: [],
    branchLabels: [],
    dependsOn: [],
    message: null,
    createdAt: null,
    file: null,
    ...fields,
  };
}
