import { join } from 'node:path';
import type { Access } from '@boocode/contracts/access.ts';
import { BooError } from '@boocode/contracts/error-code.ts';
import type { AgentLaunch } from '../agent-process.ts';
import type { AgentForm, AgentProvider } from './agent-provider.ts';
import { type LaunchServer, modelEnvironment, type ServerModel } from './model-environment.ts';
import { modeForAccess } from './mode-policy.ts';

/** What a conversation asks of a launch. */
export interface LaunchRequest {
  readonly access: Access;
  /** The agent's own mode; null: the one that fits the access. */
  readonly mode: string | null;
  readonly isTrusted: boolean;
  readonly model: LaunchChoice;
}

/** Whose model it is: one of a server of ours, or the agent's own (null: as it likes). */
export type LaunchChoice = { readonly type: 'server'; readonly chosen: ServerModel } | { readonly type: 'own'; readonly id: string | null };

/** What this machine and its person bring. */
export interface LaunchPlace {
  /** The program as it was found, with what must stand before its own arguments. */
  readonly program: { readonly command: string; readonly args: readonly string[] };
  /** What every child gets. */
  readonly environment: Readonly<Record<string, string>>;
  /** The whole of the person's. */
  readonly personal: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly servers: readonly LaunchServer[];
  /** The model of turns that name none, where it is one of these servers. */
  readonly standard: ServerModel | null;
}

const XDG = {
  XDG_CONFIG_HOME: '.config',
  XDG_DATA_HOME: '.local/share',
  XDG_STATE_HOME: '.local/state',
  XDG_CACHE_HOME: '.cache',
} as const;

/** How an agent is started. Throws `agent_unavailable` where the project is not trusted and the agent could not be kept from what it brings. */
export function planLaunch(provider: AgentProvider, form: AgentForm, request: LaunchRequest, place: LaunchPlace): AgentLaunch {
  const untrusted = request.isTrusted ? { args: [], env: {} } : provider.untrusted;
  if (untrusted === null) {
    const hint = provider.isBuiltIn ? '' : `, or set "untrustedArgs" of "${provider.id}" in config.json to what makes it ignore such things`;
    throw new BooError(
      'agent_unavailable',
      `Cannot start ${provider.label}: what this project brings for agents is not approved, and would run inside it; look at it and approve it (\`boocode trust\`)${hint}`,
    );
  }
  const { model: choice, access } = request;
  const chosen = choice.type === 'server' ? choice.chosen : null;
  const models = modelEnvironment(provider.endpoint, chosen, place);
  const passed = [...provider.passEnvironment, ...(chosen === null ? provider.passWithoutServer : [])];
  return {
    command: place.program.command,
    args: [...place.program.args, ...form.args, ...models.args, ...untrusted.args],
    env: {
      ...place.environment,
      ...pick(place.personal, passed),
      ...models.env,
      ...(access === 'full' ? provider.fullEnv : {}),
      ...untrusted.env,
      ...provider.env,
    },
    model: choice.type === 'own' ? choice.id : models.model,
    mode: request.mode ?? modeForAccess(provider, access),
    stateFolders: provider.stateFolders.map((folder) => stateFolder(folder, place)),
  };
}

function pick(env: Readonly<Record<string, string | undefined>>, patterns: readonly string[]): Record<string, string> {
  const isWanted = (name: string): boolean => patterns.some((pattern) => (pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern));
  return Object.fromEntries(Object.entries(env).flatMap(([name, value]) => (value !== undefined && isWanted(name) ? [[name, value]] : [])));
}

function stateFolder(folder: string, { home, environment }: LaunchPlace): string {
  if (folder.startsWith('~/')) return join(home, folder.slice(2));
  for (const [name, usual] of Object.entries(XDG)) {
    const start = `$${name}/`;
    if (folder.startsWith(start)) return join(environment[name] ?? join(home, usual), folder.slice(start.length));
  }
  return folder;
}
