/** The code blocks of a Markdown file. What follows the language on the opening line says what the tests do with them. */

export interface Fence {
  readonly language: string;
  /** `file=models/user.ts exit=3`; a word without a value has an empty one. */
  readonly meta: Readonly<Record<string, string>>;
  readonly text: string;
}

const FENCE = /^```(\w+)([^\n]*)\n(.*?)^```$/gms;

export function readFences(markdown: string): Fence[] {
  return [...markdown.matchAll(FENCE)].map((match) => toFence(match));
}

/** The Markdown with the text of each block replaced by what `replace` gives for it. */
export async function replaceFences(markdown: string, replace: (fence: Fence) => Promise<string>): Promise<string> {
  let result = '';
  let end = 0;
  for (const match of markdown.matchAll(FENCE)) {
    const [whole, language = '', meta = ''] = match;
    const replaced = await replace(toFence(match));
    result += `${markdown.slice(end, match.index)}\`\`\`${language}${meta}\n${replaced}\`\`\``;
    end = match.index + whole.length;
  }
  return result + markdown.slice(end);
}

function toFence([, language = '', meta = '', text = '']: RegExpExecArray | RegExpMatchArray): Fence {
  const words = meta.split(/\s+/).filter((word) => word !== '');
  const entries = words.map((word): [string, string] => {
    const [key = '', ...value] = word.split('=');
    return [key, value.join('=')];
  });
  return { language, meta: Object.fromEntries(entries), text };
}
