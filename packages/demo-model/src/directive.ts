const FAULTS = ['400', '401', '403', '404', '429', '500', '503', 'malformed', 'cut', 'reset', 'empty', 'content-type', 'context', 'error-chunk'] as const;
export type Fault = (typeof FAULTS)[number];

export type Directive =
  | { readonly type: 'say' | 'think'; readonly text: string }
  | { readonly type: 'stream'; readonly tokens: number; readonly perSecond: number | null; readonly stamped: boolean }
  | { readonly type: 'call'; readonly name: string; readonly input: string; readonly together: boolean }
  | { readonly type: 'printed-call'; readonly dialect: 'hermes' | 'invoke'; readonly name: string; readonly input: string }
  | { readonly type: 'loop'; readonly name: string | null; readonly input: string }
  | { readonly type: 'stall'; readonly ms: number | null }
  | { readonly type: 'hang' }
  | { readonly type: 'fault'; readonly fault: Fault }
  | { readonly type: 'unknown'; readonly line: string };

const LINE = /^[\s>*"'`-]*demo:\s*([^]+?)\s*$/i;

/** Reads the directives of a prompt: one per line, anything else is prose. Those before the last `demo: start` belong to an earlier prompt. */
export function parseDirectives(prompt: string): readonly Directive[] {
  const lines = prompt.split(/\r?\n/).flatMap((line) => LINE.exec(line)?.[1] ?? []);
  return lines.slice(lines.lastIndexOf('start') + 1).flatMap(parseDirective);
}

export function hasDirectives(prompt: string): boolean {
  return prompt.split(/\r?\n/).some((line) => LINE.test(line));
}

function parseDirective(line: string): readonly Directive[] {
  const [, word = '', rest = ''] = /^(\S+)\s*([\s\S]*)$/.exec(line) ?? [];
  return arms(word, rest) ?? [{ type: 'unknown', line }];
}

function arms(word: string, rest: string): readonly Directive[] | null {
  switch (word) {
    case 'say':
    case 'think':
      return [{ type: word, text: unescape(rest) }];
    case 'stream':
      return parseStream(rest);
    case 'call':
    case 'and-call':
      return parseCall(rest, word === 'and-call');
    case 'printed-call':
      return parsePrintedCall(rest);
    case 'loop':
      return parseLoop(rest);
    case 'stall':
      return parseStall(rest);
    case 'hold':
      return rest === '' ? [{ type: 'stall', ms: null }] : null;
    case 'hang':
      return rest === '' ? [{ type: 'hang' }] : null;
    case 'fault':
      return FAULTS.filter((fault) => fault === rest).map((fault) => ({ type: 'fault', fault }));
    default:
      return null;
  }
}

/** `\n` in a directive is a line break of the answer, `\\` a backslash. */
function unescape(text: string): string {
  return text.replace(/\\([\\n])/g, (_match, char: string) => (char === 'n' ? '\n' : char));
}

function parseStream(rest: string): readonly Directive[] | null {
  const match = /^(\d+)(?: tokens?)?(?: at (\d+(?:\.\d+)?)\s*(?:per second|\/s))?( stamped)?$/.exec(rest);
  if (match === null) return null;
  return [{ type: 'stream', tokens: Number(match[1]), perSecond: match[2] === undefined ? null : Number(match[2]), stamped: match[3] !== undefined }];
}

function parseCall(rest: string, together: boolean): readonly Directive[] | null {
  const match = /^([\w.:-]+)(?:\s+([\s\S]+))?$/.exec(rest);
  return match === null ? null : [{ type: 'call', name: match[1] ?? '', input: match[2] ?? '{}', together }];
}

function parsePrintedCall(rest: string): readonly Directive[] | null {
  const match = /^(hermes|invoke)\s+([\w.:-]+)(?:\s+([\s\S]+))?$/.exec(rest);
  if (match === null) return null;
  return [{ type: 'printed-call', dialect: match[1] === 'hermes' ? 'hermes' : 'invoke', name: match[2] ?? '', input: match[3] ?? '{}' }];
}

function parseLoop(rest: string): readonly Directive[] | null {
  const match = /^(?:([\w.:-]+)(?:\s+([\s\S]+))?)?$/.exec(rest);
  return match === null ? null : [{ type: 'loop', name: match[1] ?? null, input: match[2] ?? '{}' }];
}

function parseStall(rest: string): readonly Directive[] | null {
  const match = /^(?:after (\d+)(?: tokens?)?)?\s*(?:(\d+)(?:\s*ms)?)?$/.exec(rest);
  if (match === null) return null;
  const before: Directive[] = match[1] === undefined ? [] : [{ type: 'stream', tokens: Number(match[1]), perSecond: null, stamped: false }];
  return [...before, { type: 'stall', ms: match[2] === undefined ? null : Number(match[2]) }];
}
