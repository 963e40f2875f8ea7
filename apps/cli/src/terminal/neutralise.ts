/** Makes text of a model, a tool or a file harmless on a terminal: control characters and direction overrides become visible signs. Line feeds and tabs stay. */
export function neutralise(text: string): string {
  return text.replace(CONTROLS, show);
}

/** The same on one line: line feeds and runs of blanks become one blank. */
export function neutraliseLine(text: string): string {
  return neutralise(text.replace(/\s+/g, ' ').trim());
}

// C0 but tab and line feed, DEL, C1, direction overrides and isolates, line and paragraph separators
// eslint-disable-next-line no-control-regex
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

function show(character: string): string {
  const code = character.charCodeAt(0);
  if (code === 0x0d) return '';
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  return code === 0x7f ? '\u2421' : '\ufffd';
}
