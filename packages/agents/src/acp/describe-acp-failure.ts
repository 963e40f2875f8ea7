import type { Failure } from '@boocode/contracts/error-code.ts';
import * as z from 'zod/mini';
import { PeerGone, RpcError } from './json-rpc-peer.ts';
import { modelErrorCode } from './model-failure-policy.ts';

/** A prompt that the agent answered with an error, or that broke. `said`: what it gave out as an answer instead. */
export function describeAcpFailure(error: unknown, label: string, said: string | null): Failure {
  if (error instanceof RpcError) return describeModelError(said ?? detailOf(error), label, `${said ?? ''} ${error.message} ${detailOf(error)}`);
  return { code: 'internal', message: `Cannot go on with ${label}: ${reasonOf(error)}; send the message again` };
}

/** `whole`: also what the code may be found in. */
export function describeModelError(said: string, label: string, whole = said): Failure {
  const quoted = said
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 400)
    .replace(/[.;]+$/, '');
  return {
    code: modelErrorCode(whole),
    message: `Cannot get an answer from ${label}: it says "${quoted}"; see the log of its model server, then send the message again`,
  };
}

/** As a part of a sentence. */
export function reasonOf(error: unknown): string {
  if (error instanceof PeerGone) return 'it ended';
  if (error instanceof RpcError) return detailOf(error);
  return error instanceof Error ? error.message : String(error);
}

const Details = z.union([z.string(), z.object({ details: z.string() }), z.object({ message: z.string() }), z.object({ error: z.string() })]);

/** What an error of the protocol says, in the words of the agent where it adds some. */
function detailOf({ message, data }: RpcError): string {
  const parsed = Details.safeParse(data);
  if (!parsed.success) return messageIn(message) ?? message;
  const details = parsed.data;
  if (typeof details === 'string') return details;
  if ('details' in details) return details.details;
  return 'message' in details ? details.message : details.error;
}

const Nested = z.object({ message: z.string() });

/** The words of an error that an agent has packed into a sentence as JSON. */
function messageIn(text: string): string | null {
  const json = /\{.*\}/s.exec(text)?.[0];
  try {
    return json === undefined ? null : Nested.parse(JSON.parse(json)).message;
  } catch {
    return null; // it is no JSON, or says something else
  }
}
