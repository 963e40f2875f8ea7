export interface Delta {
  readonly type: 'text' | 'reasoning';
  readonly delta: string;
}

/** Cuts a stream of server-sent events into the data of each event. Comments (keep-alives) and other fields are dropped. */
export class EventSplitter {
  #rest = '';

  push(text: string): readonly string[] {
    this.#rest += text;
    const found: string[] = [];
    for (let end = findBlank(this.#rest); end !== null; end = findBlank(this.#rest)) {
      const data = dataOf(this.#rest.slice(0, end.start));
      this.#rest = this.#rest.slice(end.end);
      if (data !== null) found.push(data);
    }
    return found;
  }

  /** What stood behind the last blank line, from servers that end without one. */
  flush(): readonly string[] {
    const data = dataOf(this.#rest);
    this.#rest = '';
    return data === null ? [] : [data];
  }
}

function findBlank(text: string): { readonly start: number; readonly end: number } | null {
  const at = text.indexOf('\n\n');
  const other = text.indexOf('\r\n\r\n');
  if (at < 0 && other < 0) return null;
  if (other >= 0 && (at < 0 || other < at)) return { start: other, end: other + 4 };
  return { start: at, end: at + 2 };
}

function dataOf(block: string): string | null {
  if (block.startsWith('data: ') && !block.includes('\n')) return block.slice(6);
  const lines = block.split(/\r?\n/).flatMap((line) => (line.startsWith('data:') ? [line.slice(line[5] === ' ' ? 6 : 5)] : []));
  return lines.length === 0 ? null : lines.join('\n');
}

const PLAIN_KEYS: ReadonlySet<string> = new Set(['role', 'content', 'reasoning_content', 'reasoning']);

/** The words in a chunk that holds nothing but a piece of text or of reasoning; null = anything else, also what cannot be read. */
export function readDelta(data: string): Delta | null {
  const chunk = parseJson(data);
  if (!isRecord(chunk) || !isAbsent(chunk['error']) || !isAbsent(chunk['usage'])) return null;
  const choices = chunk['choices'];
  const choice: unknown = Array.isArray(choices) && choices.length === 1 ? choices[0] : null;
  if (!isRecord(choice) || !isAbsent(choice['finish_reason'])) return null;
  const delta = choice['delta'];
  if (!isRecord(delta)) return null;
  for (const key in delta) if (!PLAIN_KEYS.has(key) && !isAbsent(delta[key])) return null;
  const text = delta['content'];
  const reasoning = delta['reasoning_content'] ?? delta['reasoning'];
  if (typeof text === 'string' && text !== '' && (isAbsent(reasoning) || reasoning === '')) return { type: 'text', delta: text };
  if (typeof reasoning === 'string' && reasoning !== '' && (isAbsent(text) || text === '')) return { type: 'reasoning', delta: reasoning };
  return null;
}

function isAbsent(value: unknown): boolean {
  return value === null || value === undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // the SDK will say what is wrong with it
  }
}
