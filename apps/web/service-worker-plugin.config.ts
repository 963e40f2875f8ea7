import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Plugin } from 'vite';

const SOURCE = new URL('service-worker.js', import.meta.url);

/** Writes the service worker with the names of what the first page loads; everything lazy it keeps when it is first used. */
export function serviceWorker(): Plugin {
  return {
    name: 'boocode-service-worker',
    apply: 'build',
    generateBundle(_, bundle) {
      const files = Object.values(bundle);
      const entry = files.find((file) => file.type === 'chunk' && file.isEntry);
      const scripts = entry?.type === 'chunk' ? [entry.fileName, ...closure(entry.imports, bundle)] : [];
      const assets = files.filter((file) => file.type === 'asset' && /\/(?:main|index)[^/]*\.css$|\.woff2$/.test(file.fileName)).map((file) => file.fileName);
      const shell = [...new Set([...scripts, ...assets])].toSorted().map((name) => `/${name}`);
      const source = readFileSync(SOURCE, 'utf8');
      const version = createHash('sha256')
        .update(source)
        .update(
          files
            .map((file) => file.fileName)
            .toSorted()
            .join('\n'),
        )
        .digest('hex')
        .slice(0, 12);
      this.emitFile({
        type: 'asset',
        fileName: 'service-worker.js',
        source: source.replace('__VERSION__', version).replace('__SHELL__', JSON.stringify(shell)),
      });
    },
  };
}

function closure(names: readonly string[], bundle: Readonly<Record<string, { readonly type: string; readonly imports?: readonly string[] }>>): string[] {
  const seen = new Set<string>();
  const visit = (name: string) => {
    if (seen.has(name)) return;
    seen.add(name);
    for (const next of bundle[name]?.imports ?? []) visit(next);
  };
  for (const name of names) visit(name);
  return [...seen];
}
