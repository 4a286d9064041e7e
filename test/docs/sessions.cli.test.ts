import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DocumentProject } from './document-project.js';
import { type Fence, replaceFences } from './fences.js';
import { renderHelp, replaceSection } from './generated-sections.js';

const root = join(import.meta.dirname, '../..');

/** The document as it would be if it had been written while running it. */
async function runDocument(markdown: string): Promise<string> {
  const project = await DocumentProject.create();
  try {
    return await replaceFences(markdown, async ({ language, meta, text }: Fence) => {
      if (language === 'console') return await project.runConsole(text, Number(meta['exit'] ?? 0));
      if (meta['file'] !== undefined) await project.write(meta['file'], text);
      return meta['shown'] === undefined ? text : await project.read(meta['shown']);
    });
  } finally {
    await project.remove();
  }
}

describe('a document with a terminal session', () => {
  it.each(['README.md', 'docs/getting-started.md', 'docs/guide.md', 'docs/revisions.md'])(
    '%s shows what really happens',
    async (name) => {
      const file = join(root, name);
      await expect(await runDocument(await readFile(file, 'utf8'))).toMatchFileSnapshot(file);
    },
  );
});

describe('docs/cli.md', () => {
  it('shows the help of every command as it is printed', async () => {
    const file = join(root, 'docs/cli.md');
    const markdown = replaceSection(await readFile(file, 'utf8'), 'commands', await renderHelp());
    await expect(markdown).toMatchFileSnapshot(file);
  });
});
