import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { ModelRegistry, type ModelRegistryOptions } from './model-registry.ts';

const servers: Server[] = [];
afterEach(() => servers.splice(0).forEach((server) => server.close()));

/** A server that answers every request with this body; its base address. */
async function serve(body: string, port = 0): Promise<string> {
  const server = createServer((_, response) => void response.end(body)).listen(port, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
}

async function freeAddress(): Promise<string> {
  const url = await serve('');
  servers.pop()?.close();
  return url;
}

const MODELS = JSON.stringify({ data: [{ id: 'qwen3-coder-30b' }] });

function registry(fields: Partial<ModelRegistryOptions>) {
  const changes: string[][] = [];
  const models: ModelRegistry = new ModelRegistry({
    servers: {},
    defaultModel: null,
    chosenModel: async () => null,
    startDemo: async () => '',
    onChange: () => void changes.push(models.list().places.map(({ status }) => status)),
    now: Date.now,
    ...fields,
  });
  return { models, changes };
}

describe('ModelRegistry', () => {
  it('looks where model servers usually are while none is configured, and says what it found at each address', async () => {
    const places = [
      { id: 'a', name: 'A', url: await serve(MODELS) },
      { id: 'b', name: 'B', url: await serve('<html>a page</html>') },
      { id: 'c', name: 'C', url: await freeAddress() },
    ];
    const { models, changes } = registry({ places });
    expect(models.list().places.map(({ status }) => status)).toEqual(['checking', 'checking', 'checking']);
    await models.refresh();
    expect(models.list().places).toEqual([
      { name: 'A', url: places[0]?.url, status: 'ready' },
      { name: 'B', url: places[1]?.url, status: 'other' },
      { name: 'C', url: places[2]?.url, status: 'absent' },
    ]);
    expect(models.list().items.map(({ id }) => id)).toEqual(['qwen3-coder-30b', 'demo']);
    expect(changes.at(-1)).toEqual(['ready', 'other', 'absent']);
  });

  it('notices a server that starts or stops later', async () => {
    const url = await freeAddress();
    const { models } = registry({ places: [{ id: 'a', name: 'A', url }] });
    await models.refresh();
    expect(models.list().places[0]?.status).toBe('absent');
    await serve(MODELS, Number(new URL(url).port));
    await models.refresh();
    expect([models.list().places[0]?.status, models.list().servers.map(({ id }) => id)]).toEqual(['ready', ['a', 'demo']]);
    const server = servers.pop();
    server?.closeAllConnections();
    if (server !== undefined) await once(server.close(), 'close');
    await models.refresh();
    expect([models.list().places[0]?.status, models.list().servers.map(({ id }) => id)]).toEqual(['absent', ['demo']]);
  });

  it('has looked before it chooses a model for a turn that names none', async () => {
    const { models } = registry({ places: [{ id: 'a', name: 'A', url: await serve(MODELS) }] });
    expect(await models.defaultId()).toBe('qwen3-coder-30b');
    expect(await registry({ places: [] }).models.defaultId()).toBe('demo');
  });

  it('looks nowhere else when a server is configured', async () => {
    const { models } = registry({ servers: { home: { url: await serve(MODELS) } }, places: [{ id: 'a', name: 'A', url: await serve(MODELS) }] });
    await models.refresh();
    expect([models.list().places, models.list().servers.map(({ id }) => id)]).toEqual([[], ['home', 'demo']]);
  });
});
