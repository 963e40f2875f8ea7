import type { PermissionRequest } from '@boocode/contracts/permission.ts';
import type { AgentRequest } from '../ask-by-access.ts';
import type { PermissionAnswer } from '../backend.ts';
import { folderOfPattern, isInside, shownPath } from '../agent-paths.ts';
import type { WirePermission, WireQuestionItem } from './opencode-wire.ts';

const OPTIONS: PermissionRequest['options'] = [
  { id: 'once', label: 'Allow once', kind: 'allow_once' },
  { id: 'always', label: 'Always allow', kind: 'allow_always' },
  { id: 'reject', label: 'Deny', kind: 'reject_once' },
];

/** Where the request comes from: the call of the chat that it belongs to, and the sub-agent that makes it. */
export interface RequestOrigin {
  readonly cwd: string;
  readonly callId: string | null;
  readonly subAgent: string | null;
}

/** A request for leave, as the access policy and a person understand it. */
export function mapPermission(request: WirePermission, { cwd, callId, subAgent }: RequestOrigin): AgentRequest {
  const { permission, patterns, metadata } = request;
  const named = textOf(metadata['filepath']);
  const paths = named?.startsWith('/') === true ? [named] : patterns;
  const shown = paths.map((path) => shownPath(path, cwd)).join('\n');
  const asked = { callId, reason: subAgent === null ? null : `A sub-agent asks: ${subAgent}`, options: OPTIONS };
  switch (permission) {
    case 'bash':
      return { ...asked, kind: 'execute', title: 'Run this command?', subject: textOf(metadata['command']) ?? patterns.join('\n'), paths: [] };
    case 'edit':
    case 'write':
    case 'patch':
      return { ...asked, kind: 'edit', title: 'Change this file?', subject: shown, paths };
    case 'read':
    case 'glob':
    case 'grep':
    case 'list':
      return { ...asked, kind: 'read', title: 'Read this?', subject: shown, paths };
    case 'webfetch':
    case 'websearch':
      return { ...asked, kind: 'fetch', title: 'Fetch this?', subject: textOf(metadata['url']) ?? textOf(metadata['query']) ?? patterns.join('\n'), paths: [] };
    case 'external_directory':
      return { ...asked, kind: 'other', title: 'Reach outside the worktree?', subject: patterns.join('\n'), paths: [] };
    case 'doom_loop':
      return { ...asked, kind: 'other', title: 'It makes the same call again and again. Go on?', subject: patterns.join('\n'), paths: [] };
    default:
      return { ...asked, kind: 'other', title: `Let the agent use "${permission}"?`, subject: patterns.join('\n') || permission, paths: [] };
  }
}

/** Whether a request to reach outside the worktree is about folders alone that may be read anyway: those of the project's settings, and where opencode keeps long outputs. */
export function isAllowedReach({ permission, patterns }: WirePermission, cwd: string, allowed: readonly string[]): boolean {
  return (
    permission === 'external_directory' &&
    patterns.length > 0 &&
    patterns.every((pattern) => {
      const folder = folderOfPattern(pattern);
      return /[/\\]opencode[/\\]tool-output$/.test(folder) || [cwd, ...allowed].some((parent) => isInside(parent, folder));
    })
  );
}

const DISMISS = 'dismiss';

/** One of the agent's questions. Its options are the answers. */
export function mapQuestion(item: WireQuestionItem, { callId, subAgent }: RequestOrigin): AgentRequest {
  const described = item.options.flatMap(({ label, description }) => (description == null || description === '' ? [] : [`${label}: ${description}`]));
  return {
    callId,
    kind: 'question',
    title: item.header == null || item.header === '' ? 'The agent asks' : item.header,
    subject: [item.question, ...described].join('\n'),
    reason: subAgent === null ? null : `A sub-agent asks: ${subAgent}`,
    options: [
      ...item.options.map(({ label }, index) => ({ id: `answer-${index}`, label, kind: 'allow_once' as const })),
      { id: DISMISS, label: 'No answer', kind: 'reject_once' },
    ],
    paths: [],
  };
}

/** What is answered: a label, the person's words, or both. Null: the question was dismissed. */
export function mapAnswer(item: WireQuestionItem, answer: PermissionAnswer): readonly string[] | null {
  const index = /^answer-(\d+)$/.exec(answer.optionId ?? '')?.[1];
  const label = answer.allowed && index !== undefined ? (item.options[Number(index)]?.label ?? null) : null;
  const words = answer.note === null || answer.note.trim() === '' ? null : answer.note;
  const said = [label, words].filter((each) => each !== null);
  return said.length === 0 ? null : said;
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
