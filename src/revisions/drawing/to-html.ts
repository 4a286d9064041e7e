import type { RevisionNode } from '../revision.js';
import { toSvg } from './to-svg.js';

/** A page of its own, without scripts and without anything from elsewhere. */
export function toHtml(nodes: readonly RevisionNode[]): string {
  const count = `${nodes.length} ${nodes.length === 1 ? 'revision' : 'revisions'}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Revisions</title>
<style>
:root { color-scheme: light dark; }
body { font-family: system-ui, sans-serif; margin: 2rem; }
</style>
</head>
<body>
<h1>${count}</h1>
${toSvg(nodes)}</body>
</html>
`;
}
