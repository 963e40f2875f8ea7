const ESC = '\u001B';
const MAX_SEQUENCE_CHARS = 4_096;
const MAX_LINE_CHARS = 65_536;
/** What ends a text that only a terminal reads: titles, links, device strings. */
const STRING_STARTS = new Set(['P', 'X', ']', '^', '_']);

/**
 * Turns what was written for a terminal into plain text: colours and titles go, what was overwritten on its line is gone, full-screen movements are ignored.
 * A line is given when it is complete, because until then it can be overwritten. Pieces may be cut anywhere.
 */
export class TerminalText {
  #line: string[] = [];
  #column = 0;
  #sequence = '';

  push(text: string): string {
    let out = '';
    for (const char of text) {
      if (this.#sequence !== '') this.#continue(char);
      else if (char === '\n') out += this.#takeLine();
      else this.#write(char);
      if (this.#line.length >= MAX_LINE_CHARS) out += this.end();
    }
    return out;
  }

  /** The rest: a last line without an end. */
  end(): string {
    const text = trimEnd(this.#line);
    this.#line = [];
    this.#column = 0;
    return text;
  }

  #takeLine(): string {
    return `${this.end()}\n`;
  }

  #write(char: string): void {
    switch (char) {
      case ESC:
      case '\u009B':
      case '\u009D':
      case '\u0090':
        this.#sequence = CONTROL_FORMS.get(char) ?? char;
        return;
      case '\r':
        this.#column = 0;
        return;
      case '\b':
        this.#column = Math.max(0, this.#column - 1);
        return;
      case '\t':
        this.#put('\t');
        return;
      default:
        if (isControl(char)) return;
        this.#put(char);
    }
  }

  #put(char: string): void {
    while (this.#line.length < this.#column) this.#line.push(' ');
    this.#line[this.#column] = char;
    this.#column += 1;
  }

  #continue(char: string): void {
    this.#sequence += char;
    const kind = this.#sequence[1] ?? '';
    if (kind === '[') {
      if (this.#sequence.length === 2 || !/[@-~]/.test(char)) return this.#bound();
      this.#move(this.#sequence.slice(2));
      this.#sequence = '';
    } else if (STRING_STARTS.has(kind)) {
      if (this.#sequence.length > 2 && (char === '\u0007' || char === '\u009C' || this.#sequence.endsWith(`${ESC}\\`))) this.#sequence = '';
      else this.#bound();
    } else if (!/[ -/]/.test(char)) this.#sequence = ''; // two characters, or a few with intermediates
  }

  /** A sequence that never ends is not one. */
  #bound(): void {
    if (this.#sequence.length > MAX_SEQUENCE_CHARS) this.#sequence = '';
  }

  /** Only what stays on the line: the end of a progress bar is its last state. */
  #move(control: string): void {
    const count = Number.parseInt(control, 10) || 0;
    switch (control.at(-1)) {
      case 'C':
        this.#column = Math.min(this.#column + Math.max(1, count), MAX_LINE_CHARS);
        return;
      case 'D':
        this.#column = Math.max(0, this.#column - Math.max(1, count));
        return;
      case 'G':
        this.#column = Math.min(Math.max(0, count - 1), MAX_LINE_CHARS);
        return;
      case 'K':
        if (count === 0) this.#line.length = Math.min(this.#line.length, this.#column);
        else if (count === 2) this.#line = [];
        else for (let index = 0; index <= this.#column && index < this.#line.length; index += 1) this.#line[index] = ' ';
        return;
      default:
    }
  }
}

/** The one-character forms of the same sequences. */
const CONTROL_FORMS: ReadonlyMap<string, string> = new Map([
  ['\u009B', `${ESC}[`],
  ['\u009D', `${ESC}]`],
  ['\u0090', `${ESC}P`],
]);

function isControl(char: string): boolean {
  const code = char.codePointAt(0) ?? 0;
  return code < 0x20 || (code >= 0x7f && code < 0xa0);
}

function trimEnd(line: readonly string[]): string {
  return line.join('').replace(/[ \t]+$/, '');
}
