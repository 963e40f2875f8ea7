import * as z from 'zod/mini';
import { ProjectId, SessionId, TerminalId } from './ids.ts';
import { Timestamp } from './time.ts';

/** How many lines above the screen are kept, by the server and by its clients. */
export const SCROLLBACK_LINES = 5_000;

export const TerminalSize = z.strictObject({ cols: z.int().check(z.gte(2), z.lte(500)), rows: z.int().check(z.gte(1), z.lte(300)) });
export type TerminalSize = z.infer<typeof TerminalSize>;

/** A shell of the person, in a project's folder or a session's worktree. It lives in the server's memory: a restart of BooCode ends it. */
export const Terminal = z.object({
  id: TerminalId,
  projectId: ProjectId,
  sessionId: z.nullable(SessionId),
  /** What the program in it calls itself, otherwise the shell's name. */
  title: z.string(),
  shell: z.string(),
  cwd: z.string(),
  /** Whether `cwd` is the session's worktree; otherwise it is the project's own folder. */
  isInWorktree: z.boolean(),
  cols: z.int(),
  rows: z.int(),
  state: z.enum(['running', 'ended']),
  /** How it ended, when it has. */
  exit: z.nullable(z.object({ code: z.nullable(z.int()), signal: z.nullable(z.string()) })),
  createdAt: Timestamp,
});
export type Terminal = z.infer<typeof Terminal>;

export const CreateTerminal = z.strictObject({
  projectId: ProjectId,
  sessionId: z.optional(z.nullable(SessionId)),
  cols: z.optional(TerminalSize.shape.cols),
  rows: z.optional(TerminalSize.shape.rows),
  /** The absolute path of a shell; without it, the person's own. */
  shell: z.optional(z.string().check(z.minLength(1), z.maxLength(1_000))),
});
export type CreateTerminal = z.infer<typeof CreateTerminal>;

/**
 * What the server says over a terminal's socket in text. Between these come binary frames: the output, byte by byte. `screen` replaces everything shown
 * so far, `data` draws it; the binary frames after it go on from there.
 */
export const TerminalServerFrame = z.discriminatedUnion('type', [
  z.object({ type: z.literal('screen'), terminal: Terminal, data: z.string() }),
  z.object({ type: z.literal('state'), terminal: Terminal }),
  /** There is no such terminal (any more); a sentence for the person. */
  z.object({ type: z.literal('gone'), message: z.string() }),
]);
export type TerminalServerFrame = z.infer<typeof TerminalServerFrame>;

/** What a client says in text; its binary frames are input. `ack` counts the bytes of output that it has shown: who does not, gets no more after a while. */
export const TerminalClientFrame = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('resize'), ...TerminalSize.shape }),
  z.strictObject({ type: z.literal('ack'), bytes: z.int().check(z.gte(0)) }),
]);
export type TerminalClientFrame = z.infer<typeof TerminalClientFrame>;

/** Decodes a text frame; an unknown or malformed one becomes `null`. */
export function decodeTerminalFrame(text: string): TerminalServerFrame | null {
  const parsed = TerminalServerFrame.safeParse(parseJson(text));
  return parsed.success ? parsed.data : null;
}

export function decodeTerminalClientFrame(text: string): TerminalClientFrame | null {
  const parsed = TerminalClientFrame.safeParse(parseJson(text));
  return parsed.success ? parsed.data : null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // not JSON: treated like any malformed frame
  }
}
