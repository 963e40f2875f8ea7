import type { ITheme } from '@xterm/xterm';

/** Which token each colour of a terminal is. */
const TOKENS = {
  background: 'well',
  foreground: 'fg-0',
  cursor: 'accent',
  cursorAccent: 'on-accent',
  selectionBackground: 'accent',
  selectionForeground: 'on-accent',
  selectionInactiveBackground: 'line-2',
  scrollbarSliderBackground: 'line-2',
  scrollbarSliderHoverBackground: 'control',
  scrollbarSliderActiveBackground: 'control',
  black: 'bg-3',
  red: 'bad',
  green: 'ok',
  yellow: 'warn',
  blue: 'info',
  magenta: 's-kw',
  cyan: 's-num',
  white: 'fg-1',
  brightBlack: 'fg-2',
  brightRed: 'del-fg',
  brightGreen: 'add-fg',
  brightYellow: 's-fn',
  brightBlue: 's-type',
  brightMagenta: 's-kw',
  brightCyan: 's-num',
  brightWhite: 'fg-0',
} satisfies Partial<Record<keyof ITheme, string>>;

export function readTerminalTheme(): ITheme {
  const style = getComputedStyle(document.documentElement);
  return Object.fromEntries(Object.entries(TOKENS).map(([name, token]) => [name, style.getPropertyValue(`--${token}`).trim()]));
}

/** Tells when the page has another theme, until the signal aborts. */
export function watchTheme(onChange: () => void, signal: AbortSignal): void {
  const observer = new MutationObserver(onChange);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  signal.addEventListener('abort', () => observer.disconnect());
}
