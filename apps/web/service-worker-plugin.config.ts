import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Plugin } from 'vite';

const SOURCE = new URL('service-worker.js', import.meta.url);

/** Writes the service worker with the names of what the first page loads; everything lazy it keeps when it is first used. */
export function serviceWorker(): Plugin {
  return {
    name: 'boocode-service-worker',
    apply: 'build',
    enforce: 'post', // what the page asks for is read from the page, which is written last
    generateBundle(_, bundle) {
      const files = Object.values(bundle);
      const page = files.find((file) => file.fileName === 'index.html');
      const html = page?.type === 'asset' ? String(page.source) : '';
      const asked = [...html.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].flatMap(([, path]) => path ?? []);
      const fonts = files.flatMap(({ fileName }) => (fileName.endsWith('.woff2') ? [`/${fileName}`] : []));
      const shell = [...new Set([...asked, ...fonts])].toSorted();
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
