import { sep } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** Serves the web build: hashed assets for ever, everything else checked again, dot files never. Asking for a page is `isPageRequest`. */
export async function registerStaticWeb(app: FastifyInstance, webRoot: string): Promise<void> {
  await app.register(fastifyStatic, {
    root: webRoot,
    dotfiles: 'ignore',
    cacheControl: false,
    setHeaders: (reply, path) => void reply.header('cache-control', cacheControlOf(path.slice(webRoot.length))),
  });
}

/** Whether an unknown path is a page of the web client, which routes by itself. */
export function isPageRequest(request: FastifyRequest, path: string): boolean {
  const last = path.slice(path.lastIndexOf('/') + 1);
  return (request.method === 'GET' || request.method === 'HEAD') && !request.ws && !last.includes('.');
}

export function sendPage(reply: FastifyReply): FastifyReply {
  return reply.code(200).sendFile('index.html');
}

function cacheControlOf(relativePath: string): string {
  if (relativePath.startsWith(`${sep}assets${sep}`)) return 'public, max-age=31536000, immutable';
  return relativePath.endsWith('.html') ? 'no-store' : 'no-cache';
}
