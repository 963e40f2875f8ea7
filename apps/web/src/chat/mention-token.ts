/** An `@` and what was typed after it, at the caret. */
export interface MentionToken {
  readonly start: number;
  readonly query: string;
}

/** The mention that is being typed; null when the caret is not in one. A mail address is none. */
export function mentionAt(text: string, caret: number): MentionToken | null {
  const match = /(?:^|[\s(["'`])@([^\s@]{0,200})$/.exec(text.slice(0, caret));
  if (match === null) return null;
  const query = match[1] ?? '';
  return { start: caret - query.length - 1, query };
}

/** Puts a path in the place of what was typed; paths with spaces are quoted. */
export function putMention(text: string, token: MentionToken, path: string): { readonly text: string; readonly caret: number } {
  const end = token.start + 1 + token.query.length;
  const written = `@${/\s/.test(path) ? JSON.stringify(path) : path}`;
  const rest = text.slice(end);
  const space = /^\s/.test(rest) ? '' : ' ';
  return { text: text.slice(0, token.start) + written + space + rest, caret: token.start + written.length + 1 };
}
