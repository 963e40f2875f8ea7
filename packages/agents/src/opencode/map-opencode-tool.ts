import type { AgentEvent, ToolDiff, ToolStatus } from '@boocode/contracts/agent-event.ts';
import * as z from 'zod/mini';
import { listOf, maybe, orElse } from '../acp/lenient.ts';
import { decideToolKind, findCommand, findPath } from '../acp/tool-kind-policy.ts';
import { shownPath } from '../agent-paths.ts';
import { boundOutput } from '../bound-output.ts';
import { stripDcpTags } from './strip-dcp-tags.ts';
import type { ToolState } from './opencode-wire.ts';

type ToolEvent = Extract<AgentEvent, { type: 'tool' }>;

const PATCH_LIMIT = 20_000;

const FileDiff = z.object({
  file: maybe(z.string()),
  filePath: maybe(z.string()),
  patch: maybe(z.string()),
  additions: orElse(z.int(), 0),
  deletions: orElse(z.int(), 0),
});
const Metadata = z.object({
  exit: maybe(z.int()),
  output: maybe(z.string()),
  truncated: maybe(z.boolean()),
  outputPath: maybe(z.string()),
  interrupted: maybe(z.boolean()),
  filediff: maybe(FileDiff),
  files: listOf(FileDiff),
});

/** What the transcript shows of a call in this state. */
export function mapTool(
  call: { readonly callId: string; readonly name: string; readonly state: ToolState },
  place: { readonly cwd: string; readonly at: number },
): ToolEvent {
  const { state, name } = call;
  const status = mapStatus(state);
  const isOver = status !== 'pending' && status !== 'running';
  return {
    type: 'tool',
    callId: call.callId,
    at: place.at,
    name,
    kind: name === 'task' ? 'task' : name === 'question' || name === 'invalid' ? 'other' : decideToolKind({ kind: null, name, input: state.input }),
    title: titleOf(name, state, place.cwd),
    ...(Object.keys(state.input).length === 0 ? {} : { input: state.input }),
    status,
    ...(isOver ? { output: outputOf(name, state, place.cwd) } : {}),
  };
}

/** The live output of a call so far. */
export function liveOutput(state: ToolState): string {
  return state.status === 'running' ? (Metadata.safeParse(state.metadata).data?.output ?? '') : '';
}

/** The session in which a sub-agent does what this call asked for; null where it is none of these. */
export function childOfCall(state: ToolState): string | null {
  const id = state.metadata['sessionId'] ?? state.metadata['sessionID'];
  return typeof id === 'string' ? id : null;
}

/** A command that was stopped counts as completed for opencode. */
function mapStatus(state: ToolState): ToolStatus {
  switch (state.status) {
    case 'pending':
    case 'running':
      return state.status;
    case 'completed':
      return /<shell_metadata>[^<]*User aborted the command/.test(state.output ?? '') ? 'cancelled' : 'completed';
    default:
      return state.metadata['interrupted'] === true ? 'cancelled' : 'failed';
  }
}

function titleOf(name: string, state: ToolState, cwd: string): string {
  const command = findCommand(state.input);
  if (command !== null) return command;
  const path = findPath(state.input);
  if (path !== null) return `${name} ${shownPath(path, cwd)}`;
  const { input } = state;
  const said = name === 'invalid' ? input['tool'] : (state.title ?? input['description'] ?? input['pattern'] ?? input['url'] ?? input['query']);
  return typeof said === 'string' && said !== '' ? said : name;
}

function outputOf(name: string, state: ToolState, cwd: string): ToolEvent['output'] {
  const known = Metadata.safeParse(state.metadata).data;
  const said = stripDcpTags(state.error ?? state.output ?? '');
  const preview = known?.output ?? '';
  const isCut = known?.truncated === true;
  const bounded = boundOutput(isCut && preview.length > said.length ? preview : said, { exitCode: known?.exit ?? null, diffs: diffsOf(name, state, cwd) });
  const file = known?.outputPath ?? /^Full output saved to: (\/.+)$/m.exec(said)?.[1] ?? null;
  return isCut ? { ...bounded, truncated: true, file } : bounded;
}

function diffsOf(name: string, state: ToolState, cwd: string): ToolDiff[] {
  if (state.status !== 'completed') return [];
  const known = Metadata.safeParse(state.metadata).data;
  const changed = [...(known?.filediff == null ? [] : [known.filediff]), ...(known?.files ?? [])];
  const diffs = changed.map(({ file, filePath, patch, additions, deletions }) => ({
    path: shownPath(file ?? filePath ?? '', cwd),
    patch: patch == null || patch.length > PATCH_LIMIT ? null : patch,
    additions,
    deletions,
  }));
  const path = findPath(state.input);
  if (diffs.length > 0 || name !== 'write' || path === null) return diffs.filter((diff) => diff.path !== '');
  const content = typeof state.input['content'] === 'string' ? state.input['content'] : '';
  const isNew = state.metadata['exists'] === false;
  return [{ path: shownPath(path, cwd), patch: null, additions: isNew ? content.split('\n').length - (content.endsWith('\n') ? 1 : 0) : 0, deletions: 0 }];
}
