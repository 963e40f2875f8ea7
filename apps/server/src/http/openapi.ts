import type { FastifyInstance } from 'fastify';

export function registerOpenApi(app: FastifyInstance, version: string): void {
  app.get('/api/openapi.json', () => ({ openapi: '3.1.0', info: { title: 'BooCode', version } }));
}
