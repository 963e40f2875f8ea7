import '@xterm/xterm/css/xterm.css';
import { SCROLLBACK_LINES, type Terminal as TerminalInfo, type TerminalSize } from '@boocode/contracts/terminal.ts';
import { FitAddon } from '@xterm/addon-fit';
import { SearchAddon } from '@xterm/addon-search';
import { WebLinksAddon } from '@xterm/addon-web-links';
import { Terminal } from '@xterm/xterm';
import { openStrictly } from './strict-document.ts';
import { decideTerminalKey, type TerminalKey } from './terminal-keys.ts';
import { readTerminalTheme, watchTheme } from './terminal-theme.ts';

const FONT = "'JetBrains Mono Variable', ui-monospace, Menlo, Consolas, monospace";
const FONT_PX = 13;
/** A pane that is being dragged has many sizes; the program is told the last one. */
const SETTLE_MS = 80;
/** What can be read in every theme, whatever colours a program chose. */
const CONTRAST = 4.5;

export interface TerminalViewEvents {
  readonly onInput: (bytes: Uint8Array<ArrayBuffer>) => void;
  /** The pane has room for another size than the terminal has. */
  readonly onRoom: (size: TerminalSize) => void;
  readonly onKey: (key: Exclude<TerminalKey, 'shell' | 'leave' | 'copy' | 'paste'>) => void;
}

/** The terminal emulator in an element: what is shown, typed, copied and found. It ends with the signal. */
export class TerminalView {
  readonly #terminal: Terminal;
  readonly #fit = new FitAddon();
  readonly #search = new SearchAddon();
  readonly #host: HTMLElement;
  readonly #events: TerminalViewEvents;
  #settled: ReturnType<typeof setTimeout> | undefined;
  #shared: TerminalSize = { cols: 0, rows: 0 };

  constructor(host: HTMLElement, events: TerminalViewEvents, signal: AbortSignal) {
    this.#host = host;
    this.#events = events;
    const open = (uri: string): void => openLink(uri);
    this.#terminal = new Terminal({
      allowProposedApi: true,
      cursorBlink: !matchMedia('(prefers-reduced-motion: reduce)').matches,
      fontFamily: FONT,
      fontSize: FONT_PX,
      linkHandler: { activate: (_, uri) => open(uri), hover: (_, uri) => (host.title = uri), leave: () => (host.title = '') },
      macOptionIsMeta: true,
      minimumContrastRatio: CONTRAST,
      scrollback: SCROLLBACK_LINES,
      theme: readTerminalTheme(),
    });
    for (const addon of [this.#fit, this.#search, new WebLinksAddon((_, uri) => open(uri))]) this.#terminal.loadAddon(addon);
    leaveQuestionsToServer(this.#terminal);
    openStrictly(this.#terminal, host);
    this.#listen();
    const observer = new ResizeObserver(() => this.fit());
    observer.observe(host);
    watchTheme(() => (this.#terminal.options.theme = readTerminalTheme()), signal);
    signal.addEventListener('abort', () => {
      observer.disconnect();
      clearTimeout(this.#settled);
      this.#terminal.dispose();
    });
  }

  /** Everything shown so far is replaced, in the order of what was written. */
  showScreen({ cols, rows }: TerminalInfo, data: string): void {
    this.#terminal.write('', () => this.follow({ cols, rows }));
    this.#terminal.write(`\u001Bc${data}`, () => this.fit());
  }

  write(bytes: Uint8Array, onShown: () => void): void {
    this.#terminal.write(bytes, onShown);
  }

  /** The size that the terminal has now, for all who look at it. */
  follow(size: TerminalSize): void {
    this.#shared = { cols: size.cols, rows: size.rows };
    if (size.cols !== this.#terminal.cols || size.rows !== this.#terminal.rows) this.#terminal.resize(size.cols, size.rows);
  }

  /** Fills the pane, and says so when that is another size. */
  fit(): void {
    clearTimeout(this.#settled);
    const size = this.#fit.proposeDimensions();
    if (size === undefined || !(size.cols >= 2) || !(size.rows >= 1) || this.#shared.cols === 0) return;
    const room = { cols: Math.min(size.cols, 500), rows: Math.min(size.rows, 300) };
    if (room.cols === this.#shared.cols && room.rows === this.#shared.rows) return;
    this.#settled = setTimeout(() => {
      this.follow(room);
      this.#events.onRoom(room);
    }, SETTLE_MS);
  }

  focus(): void {
    this.#terminal.focus();
  }

  /** Nothing can be typed while nobody would receive it. */
  setReadOnly(isReadOnly: boolean): void {
    this.#terminal.options.disableStdin = isReadOnly;
    this.#terminal.options.cursorBlink = !isReadOnly && !matchMedia('(prefers-reduced-motion: reduce)').matches;
  }

  setScreenReader(isOn: boolean): void {
    this.#terminal.options.screenReaderMode = isOn;
  }

  /** Selects the next (or the one before) and says whether there is one. */
  find(text: string, direction: 'next' | 'before'): boolean {
    if (text === '') return false;
    return direction === 'next' ? this.#search.findNext(text) : this.#search.findPrevious(text);
  }

  #listen(): void {
    const encoder = new TextEncoder();
    this.#terminal.onData((text) => this.#events.onInput(encoder.encode(text)));
    this.#terminal.onBinary((text) => this.#events.onInput(Uint8Array.from(text, (char) => char.charCodeAt(0))));
    this.#terminal.attachCustomKeyEventHandler((event) => this.#handleKey(event));
    this.#terminal.textarea?.addEventListener('focus', () => this.fit());
    this.#terminal.textarea?.setAttribute('aria-label', 'Terminal. F6 leaves it');
  }

  /** False: not the terminal's. */
  #handleKey(event: KeyboardEvent): boolean {
    const key = decideTerminalKey(event);
    switch (key) {
      case 'shell':
        return true;
      case 'leave':
      case 'paste': // the browser's own, which arrives as an event
        return false;
      case 'copy':
        event.preventDefault();
        if (event.type === 'keydown') void this.#copy();
        return false;
      case 'find':
      case 'out':
      case 'out_back':
        event.preventDefault();
        event.stopPropagation();
        if (event.type === 'keydown') this.#events.onKey(key);
        return false;
    }
  }

  async #copy(): Promise<void> {
    const text = this.#terminal.getSelection();
    if (text === '') return;
    // Plain http on another machine has no clipboard; the terminal answers the command's event itself.
    if (window.isSecureContext) await navigator.clipboard.writeText(text);
    else this.#host.ownerDocument.execCommand('copy');
  }
}

/** Where the cursor is, what the terminal can: the server answers, once for all who look. */
function leaveQuestionsToServer({ parser }: Terminal): void {
  const swallow = (): boolean => true;
  for (const id of [
    { final: 'c' },
    { prefix: '>', final: 'c' },
    { prefix: '=', final: 'c' },
    { final: 'n' },
    { prefix: '?', final: 'n' },
    { prefix: '>', final: 'q' },
    { intermediates: '$', final: 'p' },
    { prefix: '?', intermediates: '$', final: 'p' },
  ])
    parser.registerCsiHandler(id, swallow);
  parser.registerDcsHandler({ intermediates: '$', final: 'q' }, swallow);
  for (const command of [4, 10, 11, 12]) parser.registerOscHandler(command, (data) => data.includes('?'));
}

/** What a program prints may name anything; only pages of the web are opened, and they learn nothing of this one. */
function openLink(uri: string): void {
  if (URL.canParse(uri) && /^https?:$/.test(new URL(uri).protocol)) window.open(uri, '_blank', 'noopener,noreferrer');
}
