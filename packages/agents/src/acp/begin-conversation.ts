import { BooError } from '@boocode/contracts/error-code.ts';
import type { McpServer, OpenOptions } from '../backend.ts';
import { InitializeResult, SessionResult } from './acp-wire.ts';
import { type JsonRpcPeer, RpcError } from './json-rpc-peer.ts';

const PROTOCOL_VERSION = 1;
const AUTH_REQUIRED = -32000;

/** The program does not speak the protocol, or not to its end; another form of it may. */
export class HandshakeFailed extends Error {
  override readonly name = 'HandshakeFailed';
}

export async function initialize(peer: JsonRpcPeer): Promise<InitializeResult> {
  const answer = await peer.request('initialize', {
    protocolVersion: PROTOCOL_VERSION,
    clientCapabilities: { fs: { readTextFile: true, writeTextFile: true }, terminal: true, elicitation: { form: {} } },
    clientInfo: { name: 'boocode', title: 'BooCode', version: '0.1.0' },
  });
  const result = InitializeResult.safeParse(answer);
  if (!result.success) throw new HandshakeFailed('its answer to "initialize" is not understood');
  if (result.data.protocolVersion !== PROTOCOL_VERSION) throw new HandshakeFailed(`it speaks version ${result.data.protocolVersion} of the protocol`);
  return result.data;
}

export interface Begun {
  readonly id: string;
  readonly isResumed: boolean;
  readonly result: SessionResult;
}

/**
 * Resumes the conversation that is asked for, by whichever of the agent's ways works, or begins one. `countReplayed`: the messages of the
 * conversation that have been told again so far; an agent that loads one without any does not know it.
 */
export async function beginConversation(
  peer: JsonRpcPeer,
  label: string,
  { agentCapabilities, authMethods }: InitializeResult,
  options: OpenOptions,
  countReplayed: () => number,
): Promise<Begun> {
  const place = { cwd: options.cwd, mcpServers: mapMcpServers(options.mcpServers, agentCapabilities?.mcpCapabilities ?? null) };
  const { resumeToken: id } = options;
  if (id !== null && (agentCapabilities?.sessionCapabilities?.resume ?? null) !== null) {
    const result = await attempt(peer.request('session/resume', { ...place, sessionId: id }));
    if (result !== null) return { id, isResumed: true, result };
  }
  if (id !== null && agentCapabilities?.loadSession === true) {
    const result = await attempt(peer.request('session/load', { ...place, sessionId: id }));
    if (result !== null && countReplayed() > 0) return { id, isResumed: true, result };
  }
  try {
    const result = SessionResult.parse(await peer.request('session/new', place));
    if (typeof result.sessionId !== 'string') throw new HandshakeFailed('it began a conversation without a name');
    return { id: result.sessionId, isResumed: false, result };
  } catch (error) {
    if (error instanceof RpcError && error.code === AUTH_REQUIRED) throw notSignedIn(label, error, authMethods ?? []);
    throw error;
  }
}

/** Null: the agent refuses, so there may be another way. */
async function attempt(answer: Promise<unknown>): Promise<SessionResult | null> {
  try {
    return SessionResult.parse((await answer) ?? {});
  } catch (error) {
    if (error instanceof RpcError) return null;
    throw error;
  }
}

function notSignedIn(label: string, { message }: RpcError, methods: NonNullable<InitializeResult['authMethods']>): BooError {
  const ways = methods.map(({ name, description }) => description ?? name).join(', or ');
  return new BooError(
    'agent_unavailable',
    `Cannot start ${label}: it is not signed in (${message}); ${ways === '' ? 'sign in to it in a terminal' : ways}, then try again`,
  );
}

type WireServer = Readonly<Record<string, unknown>>;

/** The project's servers in the form of the protocol; of a kind that the agent does not take, none. */
function mapMcpServers(servers: readonly McpServer[], takes: { http?: boolean | undefined; sse?: boolean | undefined } | null): readonly WireServer[] {
  return servers.flatMap((server): readonly WireServer[] => {
    if (server.type === 'stdio') return [{ name: server.name, command: server.command, args: server.args, env: pairs(server.env) }];
    return takes?.[server.type] === true ? [{ type: server.type, name: server.name, url: server.url, headers: pairs(server.headers) }] : [];
  });
}

function pairs(record: Readonly<Record<string, string>>): readonly { name: string; value: string }[] {
  return Object.entries(record).map(([name, value]) => ({ name, value }));
}
