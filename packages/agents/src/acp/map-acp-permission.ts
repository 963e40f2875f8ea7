import type { PermissionOption, PermissionRequest } from '@boocode/contracts/permission.ts';
import type { ToolKind } from '@boocode/contracts/agent-event.ts';
import type { AgentRequest } from '../ask-by-access.ts';
import type { PermissionAnswer } from '../backend.ts';
import type { PermissionParams } from './acp-wire.ts';
import { shownPath } from '../agent-paths.ts';
import type { KnownCall } from './map-acp-update.ts';
import { findCommand, findPath } from './tool-kind-policy.ts';

/** An agent's request for leave, as the access policy and a person understand it. `known`: its call, this request included. */
export function mapPermission(params: PermissionParams, known: KnownCall, cwd: string): AgentRequest {
  const { toolCall } = params;
  const kind = permissionKind(known.kind);
  const named = [...(toolCall.locations ?? []).map(({ path }) => path), findPath(toolCall.rawInput), findPath(known.input)];
  const changed = (toolCall.content ?? []).map((item) => (item.type === 'diff' ? (item.path ?? null) : null));
  const paths = [...new Set([...named, ...changed].filter((path) => path !== null))];
  const command = findCommand(toolCall.rawInput) ?? findCommand(known.input);
  const shown = paths.map((path) => shownPath(path, cwd)).join('\n');
  return {
    callId: toolCall.toolCallId,
    kind,
    title: QUESTIONS[kind],
    subject: (kind === 'execute' ? command : kind === 'edit' || kind === 'read' ? shown : null) || known.title,
    reason: reasonOf(params),
    options: params.options.map(({ optionId, name, kind: optionKind }) => ({
      id: optionId,
      label: labelOf(optionId, name, optionKind),
      kind: mapKind(optionKind, `${optionId} ${name}`),
    })),
    paths,
  };
}

const QUESTIONS: Readonly<Record<PermissionRequest['kind'], string>> = {
  execute: 'Run this command?',
  script: 'Run this script?',
  edit: 'Change this file?',
  read: 'Read this?',
  fetch: 'Fetch this?',
  question: 'The agent asks',
  other: 'Let the agent do this?',
};

function permissionKind(kind: ToolKind): PermissionRequest['kind'] {
  switch (kind) {
    case 'execute':
    case 'fetch':
    case 'edit':
    case 'read':
      return kind;
    case 'delete':
    case 'move':
      return 'edit';
    case 'search':
      return 'read';
    case 'think':
    case 'task':
    case 'other':
      return 'other';
  }
}

/** What the agent says beside the request. */
function reasonOf({ toolCall }: PermissionParams): string | null {
  const said = (toolCall.content ?? []).flatMap((item) => (item.type === 'content' && item.content?.type === 'text' ? [item.content.text ?? ''] : []));
  const text = said.join('\n').trim();
  return text === '' ? null : text.slice(0, 2_000);
}

const LABELS: Readonly<Record<string, string>> = { allow_once: 'Allow once', allow_always: 'Always allow', reject_once: 'Deny', reject_always: 'Always deny' };

/** Some agents name an option like its kind, which is no name for a person. */
function labelOf(id: string, name: string, kind: string): string {
  return name === '' || name === kind ? (LABELS[kind] ?? (name === '' ? id : name)) : name;
}

function mapKind(kind: string, words: string): PermissionOption['kind'] {
  switch (kind) {
    case 'allow_once':
    case 'allow_always':
    case 'reject_once':
    case 'reject_always':
      return kind;
    default:
      return /reject|deny|denied|\bno\b|cancel|abort|stop|decline/i.test(words) ? 'reject_once' : 'allow_once';
  }
}

/** The option that says what was answered: the person's own, else the mildest of its kind. Null: the agent offers none, so its request is cancelled. */
export function chooseOption(options: readonly PermissionOption[], answer: PermissionAnswer): string | null {
  const chosen = options.find(({ id, kind }) => id === answer.optionId && kind.startsWith('allow') === answer.allowed);
  if (chosen !== undefined) return chosen.id;
  const kinds: readonly PermissionOption['kind'][] = answer.allowed ? ['allow_once', 'allow_always'] : ['reject_once', 'reject_always'];
  for (const kind of kinds) {
    const option = options.find((each) => each.kind === kind);
    if (option !== undefined) return option.id;
  }
  return null;
}
