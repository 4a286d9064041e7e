/** A page around an SVG drawing: of its own, without scripts and without anything from elsewhere. */
export function svgPage(title: string, heading: string, svg: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>${title}</title>
<style>
:root { color-scheme: light dark; }
body { font-family: system-ui, sans-serif; margin: 2rem; }
</style>
</head>
<body>
<h1>${heading}</h1>
${svg}</body>
</html>
`;
}
