import { readFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
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

/** Serves the gallery on this machine until it is disposed of: over a real address the browser keeps what it has read. */
export interface Gallery extends AsyncDisposable {
  readonly origin: string;
}

/** Builds the gallery beside the product and serves it. */
export async function startGallery(): Promise<Gallery> {
  await buildGallery();
  const server = createServer((request, response) => void answer(new URL(request.url ?? '/', 'http://localhost').pathname, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('a listening server has a port');
  return {
    origin: `http://127.0.0.1:${address.port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answer(path: string, response: ServerResponse): Promise<void> {
  const file = path.includes('.') ? path : '/test/states/gallery.html';
  try {
    const body = await readFile(join(OUT, file));
    const type = TYPES[file.slice(file.lastIndexOf('.') + 1)] ?? 'application/octet-stream';
    response.writeHead(200, { 'content-type': type, 'cache-control': file.startsWith('/assets/') ? 'max-age=31536000, immutable' : 'no-cache' }).end(body);
  } catch {
    response.writeHead(404).end();
  }
}

async function buildGallery(): Promise<void> {
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
}
