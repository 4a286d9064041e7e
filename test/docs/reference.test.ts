import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Operations } from 'aludel';
import { globSync } from 'tinyglobby';
import { describe, expect, it } from 'vitest';
import { ERROR_CODES } from '../../src/errors.js';
import { readFences } from './fences.js';
import { renderConfigKeys, renderTypes, replaceSection } from './generated-sections.js';

const root = join(import.meta.dirname, '../..');
const read = (name: string): Promise<string> => readFile(join(root, name), 'utf8');

/** What stands under each heading of a level, by heading. */
function sectionsOf(markdown: string, level: number): Map<string, string> {
  const marks = '#'.repeat(level);
  const [, ...parts] = markdown.split(new RegExp(`^${marks} `, 'm'));
  return new Map(
    parts.map((part) => {
      const end = part.indexOf('\n');
      return [part.slice(0, end), part.slice(end).trim()];
    }),
  );
}

describe('the generated parts of docs/', () => {
  it.each([
    ['docs/models.md', 'types', renderTypes],
    ['docs/configuration.md', 'keys', renderConfigKeys],
  ])('%s says of the %s what the code says', async (name, section, render) => {
    await expect(replaceSection(await read(name), section, render())).toMatchFileSnapshot(join(root, name));
  });
});

describe('docs/errors.md', () => {
  it('has a section for each code, in order, that begins with its meaning', async () => {
    const sections = sectionsOf(await read('docs/errors.md'), 2);
    expect([...sections.keys()]).toEqual(Object.keys(ERROR_CODES));
    const openings = [...sections].map(([code, text]) => [code, text.split('\n\n')[0]?.replaceAll('\n', ' ')]);
    expect(openings).toEqual(Object.entries(ERROR_CODES));
  });

  it('says for each code what to do', async () => {
    for (const [code, text] of sectionsOf(await read('docs/errors.md'), 2)) {
      expect(text, code).toMatch(/^What to do: /m);
    }
  });
});

const NO_METHODS = new Set(['constructor', 'context', 'offline']);

describe('docs/revisions.md', () => {
  it('has a section for each method of op', async () => {
    const methods: string[] = [];
    for (let part: object = Operations.prototype; part !== Object.prototype; part = Object.getPrototypeOf(part)) {
      methods.push(...Object.getOwnPropertyNames(part).filter((name) => !NO_METHODS.has(name)));
    }
    const documented = [...sectionsOf(await read('docs/revisions.md'), 3).keys()].flatMap((heading) =>
      [...heading.matchAll(/op\.(\w+)/g)].map(([, name]) => name),
    );
    expect(documented.sort()).toEqual(methods.sort());
  });
});

describe('the documents in Chinese', () => {
  const blocks = async (name: string): Promise<string[]> =>
    readFences(await read(name)).map(({ text }) => text.replaceAll(/ *\/\/ .*$/gm, ''));

  it.each([
    ['README.zh-CN.md', 'README.md'],
    ['docs/zh-CN/guide.md', 'docs/guide.md'],
  ])('%s has the blocks of %s, which the tests run', async (translated, original) => {
    expect(await blocks(translated)).toEqual(await blocks(original));
  });
});

describe('links between the documents', () => {
  const documents = globSync(['*.md', 'docs/**/*.md', 'examples/*/README.md'], { cwd: root }).sort();
  /** What GitHub makes of headings. */
  const anchorsOf = (markdown: string): string[] =>
    [...markdown.replaceAll(/^```.*?^```/gms, '').matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}_\- ]/gu, '')
        .replaceAll(' ', '-'),
    );
  it.each(documents)('%s leads to files and headings that exist', async (name) => {
    const links = (await read(name)).matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)/g);
    for (const [link, file = '', anchor] of links) {
      const target = await read(file === '' ? name : join(name, '..', file));
      if (anchor !== undefined) expect(anchorsOf(target), link).toContain(anchor);
    }
  });
});
