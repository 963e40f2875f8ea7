export interface PrintedCall {
  readonly name: string;
  readonly input: unknown;
}

export interface Sifted {
  /** What the reader may see. */
  readonly text: string;
  readonly calls: readonly PrintedCall[];
}

const FORMS = [
  { open: '<tool_call>', close: '</tool_call>', parse: parseHermes },
  { open: '<function_calls>', close: '</function_calls>', parse: parseInvokes },
  { open: '<invoke ', close: '</invoke>', parse: parseInvokes },
] as const;
type Form = (typeof FORMS)[number];

const MAX_CAPTURE = 512 * 1_024;

/**
 * Finds tool calls that a model printed as text (`<tool_call>{json}</tool_call>`, `<invoke name="..."><parameter name="...">`), in a stream cut
 * anywhere. What could become a call is held back; what turns out to be none is given out unchanged. Code (fenced, or between backticks) is never
 * taken for a call, nor is a name that no tool has, nor an example with placeholders.
 */
export class PrintedCallParser {
  readonly #isTool: (name: string) => boolean;
  /** Text not yet decided on. */
  #pending = '';
  #form: Form | null = null;
  /** Where in `#pending` closing tags have been looked for. */
  #searched = 0;
  #line = '';
  #isFenced = false;
  /** The rest of the line that a call ended on is not shown when it is blank. */
  #isAfterCall = false;

  constructor(isTool: (name: string) => boolean) {
    this.#isTool = isTool;
  }

  push(delta: string): Sifted {
    if (this.#pending === '' && this.#form === null && !this.#isAfterCall && !delta.includes('<')) {
      this.#follow(delta);
      return { text: delta, calls: [] };
    }
    this.#pending += delta;
    return this.#sift(false);
  }

  /** The stream has ended: what is still held back is decided now. A call without its closing tag counts when it is whole. */
  flush(): Sifted {
    return this.#sift(true);
  }

  #sift(isEnd: boolean): Sifted {
    let text = '';
    const calls: PrintedCall[] = [];
    for (;;) {
      if (this.#form === null) {
        text += this.#release(isEnd);
        if (this.#form === null) return { text, calls };
      }
      const taken = this.#take(this.#form, isEnd);
      if (taken === null) return { text, calls };
      calls.push(...taken.calls);
      text += taken.text;
    }
  }

  /** Gives out text up to the next opening tag (then `#form` is set) or up to what may be the beginning of one. */
  #release(isEnd: boolean): string {
    let out = '';
    for (;;) {
      const at = this.#pending.indexOf('<');
      if (at < 0 || (isEnd && !FORMS.some((form) => this.#pending.startsWith(form.open, at)))) {
        const end = at < 0 ? this.#pending.length : at + 1;
        out += this.#give(end);
        if (at < 0) return out;
        continue;
      }
      out += this.#give(at);
      const form = this.#isCode() ? undefined : FORMS.find((candidate) => this.#pending.startsWith(candidate.open));
      if (form !== undefined) {
        this.#form = form;
        this.#searched = form.open.length;
        return out;
      }
      if (!this.#isCode() && FORMS.some((candidate) => candidate.open.startsWith(this.#pending))) return out;
      out += this.#give(1);
    }
  }

  /** Tries to complete the captured call. null = more text is needed. */
  #take(form: Form, isEnd: boolean): Sifted | null {
    for (let at = this.#pending.indexOf(form.close, this.#searched); at >= 0; at = this.#pending.indexOf(form.close, at + 1)) {
      const calls = form.parse(this.#pending.slice(form.open.length, at));
      this.#searched = at + 1;
      if (calls === null) continue;
      if (!calls.every((call) => this.#isTool(call.name) && !hasPlaceholder(call.input))) break;
      this.#form = null;
      this.#pending = this.#pending.slice(at + form.close.length);
      this.#isAfterCall = true;
      return { text: '', calls };
    }
    const isRefused = this.#pending.indexOf(form.close) >= 0 && form.parse(this.#pending.slice(form.open.length, this.#pending.indexOf(form.close))) !== null;
    if (!isRefused && !isEnd && this.#pending.length < MAX_CAPTURE) return null;
    const whole = isRefused ? null : form.parse(this.#pending.slice(form.open.length));
    this.#form = null;
    if (whole !== null && whole.every((call) => this.#isTool(call.name) && !hasPlaceholder(call.input))) {
      this.#pending = '';
      return { text: '', calls: whole };
    }
    return { text: this.#give(form.open.length), calls: [] };
  }

  #give(length: number): string {
    const text = this.#pending.slice(0, length);
    this.#pending = this.#pending.slice(length);
    this.#follow(text);
    if (!this.#isAfterCall) return text;
    const shown = text.replace(/^[ \t]*\n?/, '');
    this.#isAfterCall = shown === '' && !text.includes('\n');
    return shown;
  }

  /** Keeps track of the current line and of code fences. */
  #follow(text: string): void {
    const lines = (this.#line + text).split('\n');
    for (const line of lines.slice(0, -1)) if (/^\s*(```|~~~)/.test(line)) this.#isFenced = !this.#isFenced;
    this.#line = lines.at(-1) ?? '';
  }

  #isCode(): boolean {
    return this.#isFenced || /^\s*(```|~~~)/.test(this.#line) || (this.#line.split('`').length - 1) % 2 === 1;
  }
}

/** `{"name": ..., "arguments": {...}}`, in one or several lines. */
function parseHermes(body: string): readonly PrintedCall[] | null {
  const value = parseJson(body.trim());
  if (!isRecord(value)) return null;
  const name = value['name'] ?? value['tool'];
  const given = value['arguments'] ?? value['parameters'] ?? {};
  const input = typeof given === 'string' ? parseJson(given) : given;
  return typeof name === 'string' && isRecord(input) ? [{ name, input }] : null;
}

/** One or several `<invoke name="..."> <parameter name="...">value</parameter> </invoke>`, with or without what was already cut off around them. */
function parseInvokes(body: string): readonly PrintedCall[] | null {
  const text = body.startsWith('name=') ? `<invoke ${body}</invoke>` : body;
  const calls = [...text.matchAll(/<invoke\s+name=["']([^"']+)["']\s*>([\s\S]*?)<\/invoke>/g)].map((match) => ({
    name: match[1] ?? '',
    input: parametersIn(match[2] ?? ''),
  }));
  const isWhole = text.replace(/<invoke\s+name=["']([^"']+)["']\s*>([\s\S]*?)<\/invoke>/g, '').trim() === '';
  return calls.length > 0 && isWhole ? calls : null;
}

function parametersIn(body: string): Record<string, unknown> {
  const input: Record<string, unknown> = {};
  for (const match of body.matchAll(/<parameter\s+name=["']([^"']+)["'][^>]*>([\s\S]*?)<\/parameter>/g)) {
    const value = match[2] ?? '';
    input[match[1] ?? ''] = value.startsWith('\n') ? value.replace(/^\n/, '').replace(/\n$/, '') : value;
  }
  return input;
}

/** Models show how a call would look, with `...` or `<path>` where a value belongs. */
function hasPlaceholder(input: unknown): boolean {
  if (typeof input === 'string') return /^(\.\.\.|…|\{\.\.\.\}|<[\w ._-]+>|\/?path\/to\/\S+|your[-_ ]\w+)$/i.test(input.trim());
  return isRecord(input) && Object.values(input).some(hasPlaceholder);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // not whole yet, or not JSON at all
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
