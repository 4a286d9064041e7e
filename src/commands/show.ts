/** One revision, or the places where the graph branches: `show`, `branches`. */
import { Project, type ProjectOptions } from './project.js';
import { describeNode, findNodes, type RevisionEntry } from './revision-entry.js';

export interface ShowEntry extends RevisionEntry {
  /** The revisions that name this one as their parent. */
  readonly next: readonly string[];
  /** The revisions that depend on this one without being its children. */
  readonly requiredBy: readonly string[];
}

/**
 * The revisions that an identifier stands for. Connects only for `current`.
 * @param revision an id, a part of one, `head`, `heads`, `label@head` or `current`.
 * @see https://alembic.sqlalchemy.org/en/latest/api/commands.html#alembic.command.show
 */
export async function show(revision: string, options: ProjectOptions = {}): Promise<readonly ShowEntry[]> {
  const project = await Project.open(options);
  try {
    const nodes = await findNodes(project, revision);
    return nodes.map((node) => ({
      ...describeNode(project.graph, node),
      next: node.children.map((child) => child.id),
      requiredBy: node.followers.filter((other) => !node.children.includes(other)).map((other) => other.id),
    }));
  } finally {
    await project.close();
  }
}

export interface BranchEntry extends RevisionEntry {
  /** The first revision of each branch. */
  readonly branches: readonly RevisionEntry[];
}

/**
 * The revisions that several others name as their parent, newest first.
 * @see https://alembic.sqlalchemy.org/en/latest/api/commands.html#alembic.command.branches
 */
export async function branches(options: ProjectOptions = {}): Promise<readonly BranchEntry[]> {
  const { graph } = await Project.open(options);
  return graph.nodes
    .filter((node) => node.children.length > 1)
    .toSorted((a, b) => b.rank - a.rank)
    .map((node) => ({
      ...describeNode(graph, node),
      branches: node.children.map((child) => describeNode(graph, child)),
    }));
}
