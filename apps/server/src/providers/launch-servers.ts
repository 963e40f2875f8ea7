import { canUseServer, type LaunchServer, type ServerModel } from '@boocode/agents/providers/model-environment.ts';
import type { Endpoint } from '@boocode/agents/providers/agent-provider.ts';
import type { Model } from '@boocode/contracts/provider.ts';
import type { ModelRegistry } from './model-registry.ts';

/** The models that an agent of this kind is offered, and the one it is given where a turn names none: never the built-in demo model by itself. */
export function offeredModels(models: ModelRegistry, endpoint: Endpoint): Model[] {
  if (endpoint === 'none') return [];
  return models
    .list()
    .items.filter(({ server, demo }) => demo || canUseServer(endpoint, { headers: models.configOf(server)?.headers ?? {} }))
    .map((model) => ({ ...model, isDefault: model.isDefault && !isBuiltInDemo(model) }));
}

/** Our model servers with all that they offer; the built-in demo model is none of them. */
export function launchServers(models: ModelRegistry): LaunchServer[] {
  const byServer = Map.groupBy(models.list().items, ({ server }) => server);
  return [...byServer].flatMap(([id, items]) => {
    const config = models.configOf(id);
    if (config === null) return [];
    return [
      {
        id,
        baseUrl: config.url.replace(/\/+$/, ''),
        apiKey: config.key === undefined || config.key === '' ? null : config.key,
        headers: config.headers ?? {},
        models: items.map(({ name, contextSize }) => ({ name, contextSize })),
      },
    ];
  });
}

/** A model and the server that it runs on. Rejects with `model_not_found` or `model_unreachable` and a sentence. */
export async function getServerModel(models: ModelRegistry, id: string): Promise<ServerModel> {
  const { baseUrl, apiKey, headers, modelName, contextSize } = await models.resolve(id);
  const model = { name: modelName, contextSize };
  return { server: { id: models.serverOf(id) ?? 'demo', baseUrl, apiKey, headers, models: [model] }, model };
}

/** What agents of this kind use where a turn names no model; null: they choose for themselves. */
export async function standardModel(models: ModelRegistry, endpoint: Endpoint): Promise<string | null> {
  if (endpoint === 'none') return null;
  const id = models.knownDefaultId() ?? (await models.defaultId().catch(() => null)); // no server answers: the agent may have models of its own
  if (id === null || !offeredModels(models, endpoint).some((model) => model.id === id)) return null;
  return models.list().items.some((model) => model.id === id && isBuiltInDemo(model)) ? null : id;
}

function isBuiltInDemo({ server, demo }: Model): boolean {
  return demo && server === 'demo';
}
