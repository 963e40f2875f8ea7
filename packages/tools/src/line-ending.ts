/** The line ending that a text uses most; null when it has none. */
export function lineEndingOf(text: string): '\n' | '\r\n' | null {
  const all = text.split('\n').length - 1;
  const crlf = text.split('\r\n').length - 1;
  if (all === 0) return null;
  return crlf * 2 > all ? '\r\n' : '\n';
}
