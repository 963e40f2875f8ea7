import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { build } from 'vite';

const WEB = fileURLToPath(new URL('../..', import.meta.url));
const OUT = fileURLToPath(new URL('../../../../.cache/states-gallery', import.meta.url));
const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html',
  js: 'text/javascript',
  css: 'text/css',
  svg: 'image/svg+xml',
  woff2: 'font/woff2',
  png: 'image/png',
};

/** Builds the gallery beside the product and gives a reader of its files by address. */
export async function buildGallery(): Promise<(path: string) => Promise<{ readonly body: Buffer; readonly contentType: string }>> {
  await build({
    root: WEB,
    configFile: false,
    logLevel: 'warn',
    plugins: [react(), tailwindcss()],
    build: {
      outDir: OUT,
      emptyOutDir: true,
      assetsInlineLimit: 0,
      target: 'es2023',
      minify: false,
      modulePreload: { polyfill: false },
      chunkSizeWarningLimit: 10_000,
      rolldownOptions: { input: join(WEB, 'test/states/gallery.html') },
    },
  });
  return async (path) => {
    const file = path.includes('.') ? path : '/test/states/gallery.html';
    return { body: await readFile(join(OUT, file)), contentType: TYPES[file.slice(file.lastIndexOf('.') + 1)] ?? 'application/octet-stream' };
  };
}
