import { applyEdits, modify, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import type { ModelServerPatch } from '@boocode/contracts/config-view.ts';
import { BooError } from '@boocode/contracts/error-code.ts';

/**
 * The text of config.json with one model server added, changed or removed (`patch` null). Comments, order and everything else stay. Throws a sentence
 * when the text cannot be read: then nothing may be written.
 */
export function editModelServer(text: string, id: string, patch: ModelServerPatch | null): string {
  const bom = text.startsWith('\uFEFF') ? '\uFEFF' : '';
  const body = text.slice(bom.length);
  const whole = isEmpty(body) ? `${body === '' || body.endsWith('\n') ? body : `${body}\n`}{}\n` : body;
  const known = readServers(whole);
  if (patch === null) return known.has(id) ? bom + change(whole, [id], undefined) : text;
  if (patch.url === undefined && !known.has(id)) throw new BooError('invalid_request', `Cannot add the model server "${id}": it needs a "url"`);
  const fields = Object.entries(patch).filter(([field, value]) => value !== undefined && (value !== null || known.get(id)?.has(field) === true));
  const next = fields.reduce((now, [field, value]) => change(now, [id, field], value === null ? undefined : value), whole);
  readServers(next);
  return bom + next;
}

function change(text: string, path: readonly string[], value: unknown): string {
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const tabs = /^\t/m.test(text);
  const edits = modify(text, ['modelServers', ...path], value, { formattingOptions: { insertSpaces: !tabs, tabSize: 2, eol } });
  return applyEdits(text, edits);
}

/** The fields of each server in it. */
function readServers(text: string): ReadonlyMap<string, ReadonlySet<string>> {
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true });
  const [error] = errors;
  if (error !== undefined) {
    const line = text.slice(0, error.offset).split('\n').length;
    throw cannot(`it is not valid JSON in line ${line} (${printParseErrorCode(error.error)})`);
  }
  if (root?.type !== 'object') throw cannot('it does not hold an object ({ ... })');
  const servers = propertiesOf(root).get('modelServers');
  if (servers === undefined) return new Map();
  if (servers.type !== 'object') throw cannot('its "modelServers" is not an object');
  return new Map([...propertiesOf(servers)].map(([id, server]) => [id, new Set(propertiesOf(server).keys())]));
}

type Tree = NonNullable<ReturnType<typeof parseTree>>;

function propertiesOf(node: Tree): Map<string, Tree> {
  const pairs = node.type === 'object' ? (node.children ?? []) : [];
  return new Map(
    pairs.flatMap(({ children }): [string, Tree][] => {
      const [key, value] = children ?? [];
      return key === undefined || value === undefined ? [] : [[String(key.value), value]];
    }),
  );
}

/** Nothing in it but comments. */
function isEmpty(text: string): boolean {
  const errors: ParseError[] = [];
  return parseTree(text, errors, { allowEmptyContent: true }) === undefined && errors.length === 0;
}

function cannot(reason: string): BooError {
  return new BooError('conflict', `Cannot change config.json: ${reason}; mend it by hand first, nothing was written`);
}
