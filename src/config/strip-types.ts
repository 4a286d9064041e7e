/**
 * Turns TypeScript into JavaScript that keeps every line where it was, so that stack traces need no source map.
 * The build bundles this file with sucrase into `dist/strip-types.cjs`: CommonJS, because the module hooks are
 * synchronous and load it at the first TypeScript file only.
 */

import { transform } from 'sucrase';

/** How a file is run, in the words of Node's module hooks. */
export type ModuleFormat = 'module' | 'commonjs';

/**
 * Takes the types out of `source`. Imports that only types use go with them; class fields, enums and parameter
 * properties mean what they mean under TypeScript's `es2022` target.
 * @throws SyntaxError with `line` and `column` (both from 1) where the source cannot be parsed.
 */
export function stripTypes(source: string, format: ModuleFormat): string {
  return run(() =>
    transform(source, {
      transforms: format === 'commonjs' ? ['typescript', 'imports'] : ['typescript'],
      disableESTransforms: true,
      preserveDynamicImport: true,
      injectCreateRequireForImportRequire: true,
    }),
  );
}

/**
 * The source as the body of a CommonJS module, which `node:vm` can run at once and whose compilation, unlike that of an
 * ES module, says where an error is. Lines stay where they were.
 * @throws SyntaxError as `stripTypes` does.
 */
export function toCommonJs(source: string, isTypeScript: boolean): string {
  return run(() =>
    transform(source, {
      transforms: isTypeScript ? ['typescript', 'imports'] : ['imports'],
      disableESTransforms: true,
      preserveDynamicImport: true,
    }),
  );
}

function run(transformed: () => { readonly code: string }): string {
  try {
    return transformed().code;
  } catch (error) {
    throw toSyntaxError(error);
  } finally {
    // Sucrase keeps the tokens of what it read last until it reads again.
    transform('', { transforms: [] });
  }
}

/** Sucrase throws `SyntaxError: message (line:column)` with the place in `loc`. */
function toSyntaxError(error: unknown): unknown {
  if (!(error instanceof Error) || !('loc' in error)) return error;
  const { line, column } = error.loc as { readonly line: number; readonly column: number };
  const message = error.message.replace(/ \(\d+:\d+\)$/, '');
  return Object.assign(new SyntaxError(message, { cause: error }), { line, column });
}
