import { cpSync, existsSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import type { Plugin } from 'rolldown';

const FILE_REFERENCE = /new URL\(\s*(['"])(\.{1,2}\/[^'"]+)\1\s*,\s*import\.meta\.url\s*,?\s*\)/g;
const UNSUPPORTED = /\bimport\.meta\.(dirname|filename|main)\b/;

/**
 * Makes `new URL('./guardian.sh', import.meta.url)` mean the same in the bundle as in the sources, the one way in which our code
 * may find a file at run time:
 * - a file or folder beside the source is copied to `dist/files/<its path in the checkout>`;
 * - a TypeScript program becomes an entry of the bundle (`programs` names it);
 * - the module's own folder, `./`, becomes `dist`;
 * - what lies in `dist` (the web pages) is found there.
 * A missing file and the other ways to find one (`import.meta.dirname`) fail the build instead of the run.
 */
export function runtimeFiles(root: string, outDir: string, programs: ReadonlyMap<string, string>): Plugin {
  const sources = ['apps', 'packages'].map((folder) => join(root, folder) + sep);
  return {
    name: 'runtime-files',
    transform(code, id) {
      if (!sources.some((folder) => id.startsWith(folder)) || id.includes('node_modules')) return null;
      const unsupported = UNSUPPORTED.exec(code);
      if (unsupported !== null) {
        throw new Error(`${relative(root, id)} uses ${unsupported[0]}, which has no meaning in a bundle: find files with new URL('./name', import.meta.url)`);
      }
      if (!code.includes('import.meta.url')) return null;
      return {
        code: code.replace(
          FILE_REFERENCE,
          (_match, _quote, path: string) => `new URL('${place(resolve(dirname(id), path), id)}${path.endsWith('/') ? '/' : ''}', import.meta.url)`,
        ),
        map: null,
      };
    },
  };

  function place(target: string, importer: string): string {
    const fromDist = relative(join(root, 'dist'), target);
    if (!fromDist.startsWith('..')) return `./${toUrlPath(fromDist)}`;
    const program = programs.get(target);
    if (program !== undefined) return `./${program}.js`;
    if (!existsSync(target)) throw new Error(`${relative(root, importer)} refers to ${relative(root, target)}, which does not exist`);
    const path = join('files', relative(root, target));
    cpSync(target, join(outDir, path), { recursive: true });
    return `./${toUrlPath(path)}`;
  }
}

function toUrlPath(path: string): string {
  return path.split(sep).join('/');
}
