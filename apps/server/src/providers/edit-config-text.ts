import { applyEdits, modify, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import { BooError } from '@boocode/contracts/error-code.ts';

/** Sets or removes (undefined) what stands at a path of config.json. Comments, order and everything else stay. */
export function changeConfigText(text: string, path: readonly string[], value: unknown): string {
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const tabs = /^\t/m.test(text);
  return applyEdits(text, modify(text, [...path], value, { formattingOptions: { insertSpaces: !tabs, tabSize: 2, eol } }));
}

/** `edit` gives the text without the mark of its encoding, or null to leave it as it is. One that holds nothing but comments has got an object to be filled. */
export function editConfigText(text: string, edit: (body: string) => string | null): string {
  const mark = text.startsWith('\uFEFF') ? '\uFEFF' : '';
  const body = text.slice(mark.length);
  const after = edit(isEmpty(body) ? `${body === '' || body.endsWith('\n') ? body : `${body}\n`}{}\n` : body);
  return after === null ? text : mark + after;
}

/** The fields of each entry of a section, by the entry's name. Throws a sentence when the text cannot be read: then nothing may be written. */
export function readSection(text: string, section: string): ReadonlyMap<string, ReadonlySet<string>> {
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true });
  const [error] = errors;
  if (error !== undefined) {
    const line = text.slice(0, error.offset).split('\n').length;
    throw cannot(`it is not valid JSON in line ${line} (${printParseErrorCode(error.error)})`);
  }
  if (root?.type !== 'object') throw cannot('it does not hold an object ({ ... })');
  const entries = propertiesOf(root).get(section);
  if (entries === undefined) return new Map();
  if (entries.type !== 'object') throw cannot(`its "${section}" is not an object`);
  return new Map([...propertiesOf(entries)].map(([id, entry]) => [id, new Set(propertiesOf(entry).keys())]));
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
