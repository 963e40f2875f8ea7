import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import type { AgentLaunch } from '../agent-process.ts';
import { orElse } from '../acp/lenient.ts';

/** A session, and by which provider's settings its last model was reached; null: by opencode's own. */
export interface ResumeToken {
  readonly sessionId: string;
  readonly provider: { readonly id: string; readonly fingerprint: string } | null;
}

export function formatResumeToken({ sessionId, provider }: ResumeToken): string {
  return provider === null ? sessionId : `${sessionId} ${provider.fingerprint} ${provider.id}`;
}

export function parseResumeToken(token: string): ResumeToken {
  const [, sessionId = token, fingerprint, id] = /^(\S+) (\S+) (.+)$/.exec(token) ?? [];
  return { sessionId, provider: fingerprint === undefined || id === undefined ? null : { id, fingerprint } };
}

/** Whether a session that was used with that provider can be used with this launch: it still is the same provider. */
export function isStale(token: ResumeToken, launch: AgentLaunch): boolean {
  return token.provider !== null && providerFingerprint(launch, token.provider.id) !== token.provider.fingerprint;
}

const Content = z.looseObject({ provider: orElse(z.record(z.string(), z.unknown()), {}) });
const Provider = z.looseObject({ npm: z.optional(z.unknown()), options: orElse(z.looseObject({ baseURL: orElse(z.string(), '') }), { baseURL: '' }) });

/** What a provider of the launch's configuration is, but for its key and its list of models; null where it holds none of this name. An address of this machine counts without its port, which servers change. */
export function providerFingerprint(launch: AgentLaunch, providerId: string): string | null {
  const found = readProvider(launch, providerId);
  if (found === null) return null;
  const { npm, options } = found;
  const text = JSON.stringify([npm ?? null, options.baseURL.replace(/^(https?:\/\/(?:127\.0\.0\.1|localhost|\[::1\])):\d+/, '$1')]);
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

function readProvider(launch: AgentLaunch, providerId: string): z.infer<typeof Provider> | null {
  try {
    const content = z.parse(Content, JSON.parse(launch.env['OPENCODE_CONFIG_CONTENT'] ?? '{}'));
    const provider = Provider.safeParse(content.provider[providerId]);
    return provider.success ? provider.data : null;
  } catch {
    return null; // not ours to mend: opencode itself says what is wrong with it
  }
}
