import type { Schema } from '../../../schema/table.js';
import { toSvg } from './to-svg.js';

/** A page of its own, without scripts and without anything from elsewhere. */
export function toHtml(schema: Schema): string {
  const count = `${schema.tables.length} ${schema.tables.length === 1 ? 'table' : 'tables'}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Schema</title>
<style>
:root { color-scheme: light dark; }
body { font-family: system-ui, sans-serif; margin: 2rem; }
</style>
</head>
<body>
<h1>${count}</h1>
${toSvg(schema)}</body>
</html>
`;
}
