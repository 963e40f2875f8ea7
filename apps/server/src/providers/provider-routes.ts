import type { ProviderSnapshot } from '@boocode/contracts/provider.ts';
import { pageOfAll } from '../http/page.ts';
import type { Handlers } from '../http/register-route.ts';
import type { ConfigEditor } from './config-editor.ts';
import type { ModelRegistry } from './model-registry.ts';

export function providerHandlers(models: ModelRegistry, editor: ConfigEditor): Partial<Handlers> {
  return {
    getConfig: () => editor.view(),
    patchModelServers: ({ body }) => editor.patch(body),
    testModelServer: ({ params, body }) => editor.test(params.id, body?.server),
    listProviders: ({ query }) => pageOfAll(listProviders(models), query),
    refreshProviders: () => {
      void models.refresh();
      return { ok: true };
    },
    listModels: () => ({ ...models.list(), nextCursor: null }),
  };
}

/** The agents that can be chosen, as known now. */
export function listProviders(models: ModelRegistry): ProviderSnapshot[] {
  const { items, servers } = models.list();
  const isChecking = servers.some((server) => server.status === 'checking');
  return [
    {
      id: 'boocode',
      label: 'BooCode',
      transport: 'native',
      status: isChecking ? 'loading' : 'ready',
      message: null,
      version: null,
      models: items,
      modes: [],
      checkedAt: servers[0]?.checkedAt ?? null,
    },
  ];
}
