import { SCROLLBACK_LINES, type TerminalSize } from '@boocode/contracts/terminal.ts';
import { SerializeAddon } from '@xterm/addon-serialize';
import headless from '@xterm/headless';

/** Modes that the serialised screen leaves out: they are sent after it as they stand. On after a reset: the cursor (25) alone. */
const MORE_MODES = [25, 1005, 1006, 1015, 1016];

export interface ScreenEvents {
  /** Answers to a program's questions (where the cursor is, what the terminal can), to be written to it. */
  readonly onAnswer: (text: string) => void;
  readonly onTitle: (title: string) => void;
}

/** What a terminal shows, kept so that a client that comes later sees the same: lines, colours, the alternate screen, the modes of the keyboard and mouse. */
export class Screen implements Disposable {
  readonly #terminal: InstanceType<typeof headless.Terminal>;
  readonly #serializer = new SerializeAddon();
  readonly #modes = new Map<number, boolean>();
  #cursorStyle = 0;
  #region = '';

  constructor(size: TerminalSize, events: ScreenEvents) {
    this.#terminal = new headless.Terminal({ ...size, scrollback: SCROLLBACK_LINES, allowProposedApi: true });
    this.#terminal.loadAddon(this.#serializer);
    this.#terminal.onData(events.onAnswer);
    this.#terminal.onTitleChange(events.onTitle);
    this.#watchModes();
  }

  /** Draws output, after all that was written before. At the moment of `whenDrawn` the screen shows exactly what was written until then. */
  write(bytes: Uint8Array, whenDrawn: () => void): void {
    this.#terminal.write(bytes, whenDrawn);
  }

  resize({ cols, rows }: TerminalSize): void {
    this.#terminal.resize(cols, rows);
  }

  /** What draws this screen on an empty terminal of the same size. */
  draw(): string {
    const modes = [...this.#modes].map(([mode, isOn]) => `\u001B[?${mode}${isOn ? 'h' : 'l'}`).join('');
    const style = this.#cursorStyle === 0 ? '' : `\u001B[${this.#cursorStyle} q`;
    return this.#serializer.serialize() + this.#drawRegion() + modes + style;
  }

  [Symbol.dispose](): void {
    this.#terminal.dispose();
  }

  /** Setting the scrolling region moves the cursor, so it is put back. */
  #drawRegion(): string {
    if (this.#region === '') return '';
    const { cursorX, cursorY } = this.#terminal.buffer.active;
    return `\u001B[${this.#region}r\u001B[${cursorY + 1};${Math.min(cursorX, this.#terminal.cols - 1) + 1}H`;
  }

  /** The handlers only look on: false leaves the sequence to the terminal. */
  #watchModes(): void {
    const { parser } = this.#terminal;
    const remember = (isOn: boolean) => (params: (number | number[])[]) => {
      for (const mode of params) if (typeof mode === 'number' && MORE_MODES.includes(mode)) this.#modes.set(mode, isOn);
      return false;
    };
    const forget = (): boolean => {
      this.#modes.clear();
      this.#cursorStyle = 0;
      this.#region = '';
      return false;
    };
    parser.registerCsiHandler({ prefix: '?', final: 'h' }, remember(true));
    parser.registerCsiHandler({ prefix: '?', final: 'l' }, remember(false));
    parser.registerCsiHandler({ intermediates: ' ', final: 'q' }, ([style]) => {
      this.#cursorStyle = typeof style === 'number' ? style : 0;
      return false;
    });
    parser.registerCsiHandler({ final: 'r' }, ([top, bottom]) => {
      const isWhole = (top === 0 || top === 1) && (bottom === undefined || bottom === 0 || bottom === this.#terminal.rows);
      this.#region = isWhole ? '' : `${String(top)};${String(bottom ?? this.#terminal.rows)}`;
      return false;
    });
    parser.registerCsiHandler({ intermediates: '!', final: 'p' }, forget);
    parser.registerEscHandler({ final: 'c' }, forget);
  }
}
