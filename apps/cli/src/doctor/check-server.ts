import type { ApiClient } from '@boocode/contracts/api-client.ts';
import { BooError } from '@boocode/contracts/error-code.ts';
import type { Status } from '@boocode/contracts/health.ts';
import { tryServer } from '../connection/connect.ts';
import { findServer, isServerNamed } from '../connection/find-server.ts';
import type { Check } from './check.ts';

/** What can be asked of the running server. */
export async function checkServer(env: NodeJS.ProcessEnv): Promise<readonly Check[]> {
  const address = await findServer(env);
  const connection = address === null ? null : await tryServer(address);
  if (connection === null) {
    if (isServerNamed(env)) return [{ level: 'fail', name: 'Server', text: `nothing answers at ${address?.url ?? ''}; check BOOCODE_URL, or unset it` }];
    return [{ level: 'warn', name: 'Server', text: 'not running, so its database and models were not checked; start it with `boocode serve`' }];
  }
  const server: Check = { level: 'ok', name: 'Server', text: `${connection.version} at ${connection.url}` };
  try {
    const status = await connection.api.status();
    return [
      server,
      databaseCheck(status),
      ...(await modelChecks(connection.api)),
      ...(await agentChecks(connection.api)),
      ...status.problems.map(problemCheck),
    ];
  } catch (error) {
    if (!(error instanceof BooError)) throw error;
    return [server, { level: 'fail', name: 'Server', text: `it refuses to say more: ${error.message}` }];
  }
}

function databaseCheck({ database }: Status): Check {
  const text = `PostgreSQL ${database.version}, ${database.kind}`;
  return database.message === null ? { level: 'ok', name: 'Database', text } : { level: 'warn', name: 'Database', text: `${text}; ${database.message}` };
}

async function modelChecks(api: ApiClient): Promise<readonly Check[]> {
  const { items, servers } = await api.listModels();
  const real = servers.filter((server) => !server.demo);
  const checks = real.map((server): Check => {
    const count = items.filter((model) => model.server === server.id).length;
    if (server.status === 'error')
      return { level: 'warn', name: `Model server ${server.id}`, text: `${server.url}: ${server.message ?? 'it does not answer; start it'}` };
    return {
      level: 'ok',
      name: `Model server ${server.id}`,
      text: `${server.url}, ${server.status === 'checking' ? 'being looked at' : `${count} ${count === 1 ? 'model' : 'models'}`}`,
    };
  });
  if (items.some((model) => !model.demo)) return checks;
  return [
    ...checks,
    { level: 'warn', name: 'Models', text: 'there is only the built-in demo model; start a model server, or name one with BOOCODE_MODEL_URL' },
  ];
}

async function agentChecks(api: ApiClient): Promise<readonly Check[]> {
  const { items } = await api.listProviders();
  return items.map((agent): Check => {
    const text = [agent.version, agent.message].filter((fact) => fact !== null && fact !== '').join(', ');
    if (agent.status === 'ready' || agent.status === 'loading') return { level: 'ok', name: `Agent ${agent.id}`, text: text === '' ? agent.status : text };
    if (agent.status === 'unavailable' && agent.isBuiltIn) return { level: 'ok', name: `Agent ${agent.id}`, text: 'not installed' };
    return { level: 'warn', name: `Agent ${agent.id}`, text: text === '' ? 'cannot be used; see `boocode agents`' : text };
  });
}

function problemCheck(problem: Status['problems'][number]): Check {
  return { level: 'warn', name: 'Problem', text: problem.text };
}
