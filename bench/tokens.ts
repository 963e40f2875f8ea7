/** A piece of a streamed text and when the client had it. */
export interface Piece {
  readonly text: string;
  readonly at: number;
}

export interface StampedToken {
  readonly index: number;
  /** When the model server wrote it and when the client had all of it, ms since the epoch. */
  readonly sentAt: number;
  readonly at: number;
}

const TOKEN = /(\d+)@(\d+\.\d+) /g;

/** The stamped tokens (`12@1700000000000.123 `) of a text that came in pieces. */
export function readTokens(pieces: readonly Piece[]): readonly StampedToken[] {
  const text = pieces.map((piece) => piece.text).join('');
  const tokens: StampedToken[] = [];
  let [piece, end] = [0, pieces[0]?.text.length ?? 0];
  for (const match of text.matchAll(TOKEN)) {
    const last = match.index + match[0].length;
    for (; end < last && piece < pieces.length - 1; end += pieces[piece]?.text.length ?? 0) piece += 1;
    tokens.push({ index: Number(match[1]), sentAt: Number(match[2]), at: pieces[piece]?.at ?? Number.NaN });
  }
  return tokens;
}

export function latencies(tokens: readonly StampedToken[]): readonly number[] {
  return tokens.map((token) => token.at - token.sentAt);
}

/** What is wrong with a stamped text of `count` tokens, or null: each token once, in order, and nothing else. */
export function findTokenFault(text: string, count: number): string | null {
  const tokens = readTokens([{ text, at: 0 }]);
  const wrong = tokens.findIndex((token, index) => token.index !== index);
  if (wrong >= 0) return `token ${tokens[wrong]?.index} stands at place ${wrong}`;
  if (tokens.length !== count) return `${tokens.length} of ${count} tokens`;
  const rest = text.replace(TOKEN, '');
  return rest === '' ? null : `something else among the tokens: ${JSON.stringify(rest.slice(0, 40))}`;
}
