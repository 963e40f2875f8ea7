import { CATALOGUE } from '@boocode/agents/providers/catalogue.ts';
import { BooError } from '@boocode/contracts/error-code.ts';
import type { AddProvider, CatalogueEntry, ProviderSnapshot } from '@boocode/contracts/provider.ts';
import { pageOfAll } from '../http/page.ts';
import type { Handlers } from '../http/register-route.ts';
import type { AgentRegistry } from './agent-registry.ts';
import type { ConfigEditor } from './config-editor.ts';
import type { ModelRegistry } from './model-registry.ts';

export function providerHandlers(models: ModelRegistry, editor: ConfigEditor, agents: AgentRegistry): Partial<Handlers> {
  return {
    getConfig: () => editor.view(),
    patchModelServers: ({ body }) => editor.patch(body),
    testModelServer: ({ params, body }) => editor.test(params.id, body?.server),
    listProviders: ({ query }) => pageOfAll(agents.list(), query),
    refreshProviders: () => {
      void models.refresh();
      void agents.refresh();
      return { ok: true };
    },
    addProvider: async ({ body }) => {
      const { id, provider } = wanted(body);
      await editor.patchProvider(id, provider);
      agents.reload();
      return getProvider(agents, id);
    },
    deleteProvider: async ({ params: { id } }) => {
      if (!(await editor.patchProvider(id, null))) throw new BooError('not_found', `Cannot remove the agent "${id}": config.json does not name it`);
      agents.reload();
      return { ok: true };
    },
    listCatalogue: ({ query }) => pageOfAll(catalogue(agents), query),
    listModels: () => ({ ...models.list(), nextCursor: null }),
  };
}

function wanted(body: AddProvider): { id: string; provider: Exclude<AddProvider, { fromCatalogue: string }>['provider'] } {
  if (!('fromCatalogue' in body)) return body;
  const entry = CATALOGUE.find(({ id }) => id === body.fromCatalogue);
  if (entry === undefined)
    throw new BooError('not_found', `Cannot add the agent "${body.fromCatalogue}": the catalogue has none of this name; \`boocode agents catalogue\` lists it`);
  return { id: entry.id, provider: entry.provider };
}

function getProvider(agents: AgentRegistry, id: string): ProviderSnapshot {
  const found = agents.list().find((agent) => agent.id === id);
  if (found === undefined) throw new BooError('conflict', `Cannot use the agent "${id}": what config.json says now takes it away`);
  return found;
}

function catalogue(agents: AgentRegistry): CatalogueEntry[] {
  const known = new Set(agents.list().map(({ id }) => id));
  return CATALOGUE.map((entry) => ({
    ...entry,
    installHint: `npm install -g ${entry.package}@${entry.version}`,
    isAdded: known.has(entry.id),
  }));
}
