import type { PermissionOption, PermissionRequest } from '@boocode/contracts/permission.ts';
import type { PermissionAnswer } from '../backend.ts';
import type { ElicitationField, ElicitationParams } from './acp-wire.ts';

export type ElicitationAnswer = { readonly action: 'accept'; readonly content: Readonly<Record<string, unknown>> } | { readonly action: 'decline' | 'cancel' };

/** Puts an agent's form to the person, one question for each field. Rejects as `ask` does. */
export async function answerForm(
  { message, requestedSchema }: ElicitationParams,
  ask: (request: PermissionRequest) => Promise<PermissionAnswer>,
): Promise<ElicitationAnswer> {
  const content: Record<string, unknown> = {};
  const fields = Object.entries(requestedSchema?.properties ?? {});
  if (fields.length === 0) {
    const answer = await ask(questionOf(message, '', [option('accept', 'OK')]));
    return answer.allowed ? { action: 'accept', content } : { action: 'decline' };
  }
  for (const [name, field] of fields) {
    const answer = await ask(questionOf(message, describeField(name, field), optionsOf(field)));
    if (!answer.allowed) return { action: 'decline' };
    const value = valueOf(field, answer);
    if (value !== undefined) content[name] = value;
  }
  return { action: 'accept', content };
}

const DECLINE: PermissionOption = { id: 'decline', label: 'Decline', kind: 'reject_once' };
const IN_WORDS = 'words';

function questionOf(message: string, subject: string, options: readonly PermissionOption[]): PermissionRequest {
  return { callId: null, kind: 'question', title: message === '' ? 'The agent asks' : message, subject, reason: null, options: [...options, DECLINE] };
}

function option(id: string, label: string): PermissionOption {
  return { id, label, kind: 'allow_once' };
}

function describeField(name: string, { title, description }: ElicitationField): string {
  return [title ?? name, description ?? ''].filter((part) => part !== '').join(': ');
}

function optionsOf(field: ElicitationField): readonly PermissionOption[] {
  if (field.type === 'boolean') return [option('true', 'Yes'), option('false', 'No')];
  const choices = choicesOf(field);
  return choices.length === 0 ? [option(IN_WORDS, 'Answer')] : choices.map(({ const: id, title }) => option(id, title ?? id));
}

function choicesOf({ enum: names, oneOf, items }: ElicitationField): readonly { const: string; title?: string | null | undefined }[] {
  return oneOf ?? items?.anyOf ?? (names ?? items?.enum ?? []).map((name) => ({ const: name }));
}

/** What was answered, in the field's type; undefined: nothing, where there is no default either. */
function valueOf(field: ElicitationField, { optionId, note }: PermissionAnswer): unknown {
  const words = note?.trim() ?? '';
  const chosen = optionId === IN_WORDS ? '' : (optionId ?? '');
  const text = words === '' ? chosen : words;
  if (text === '') return field.default ?? (field.type === 'string' ? '' : undefined);
  switch (field.type) {
    case 'boolean':
      return /^(true|yes|y|1)$/i.test(chosen === '' ? text : chosen);
    case 'number':
    case 'integer':
      return Number.isFinite(Number(text)) ? Number(text) : field.default;
    case 'array':
      return text.split(',').map((part) => part.trim());
    default:
      return text;
  }
}
