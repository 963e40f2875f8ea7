const NAME = 'dcp-message-id';
const OPEN = `<${NAME}`;
const CLOSE = `</${NAME}>`;
/** A tag that is not closed after so many characters is none: a text that only talks about it must not be held back for ever. */
const TAG_LIMIT = 400;

/** Takes the tags away in which opencode's context plugin names messages, and which models repeat: `<dcp-message-id>m0001</dcp-message-id>`. All other text stays as it is. */
export function stripDcpTags(text: string): string {
  const strip = dcpTagStripper();
  return strip.push(text) + strip.flush();
}

export interface TextStripper {
  /** What of the text so far is surely no part of a tag and was not given before. */
  push(delta: string): string;
  /** What was held back. To be called at the end of the text. */
  flush(): string;
}

/** The same for a text that comes in pieces, wherever they are cut: only what may still become a tag is held back. */
export function dcpTagStripper(): TextStripper {
  let held = '';
  let atLineStart = true;
  const give = (text: string): string => {
    if (text !== '') atLineStart = text.endsWith('\n');
    return text;
  };
  const run = (isEnd: boolean): string => {
    let given = '';
    for (;;) {
      const from = held.indexOf('<');
      if (from < 0) {
        given += give(held);
        held = '';
        return given;
      }
      given += give(held.slice(0, from));
      held = held.slice(from);
      const tag = readTag(held, atLineStart, isEnd);
      if (tag === 'unfinished') return given;
      if (tag === null) {
        given += give('<');
        held = held.slice(1);
      } else {
        held = held.slice(tag);
      }
    }
  };
  return {
    push: (delta) => {
      held += delta;
      return run(false);
    },
    flush: () => run(true),
  };
}

/** The length of the tag that the text begins with; null: it begins with none; `unfinished`: what follows decides. */
function readTag(text: string, atLineStart: boolean, isEnd: boolean): number | 'unfinished' | null {
  const undecided = isEnd ? null : 'unfinished';
  if (text.startsWith(CLOSE)) return CLOSE.length; // one that has lost its beginning
  if (CLOSE.startsWith(text)) return undecided;
  if (OPEN.startsWith(text)) return undecided;
  if (!text.startsWith(OPEN)) return null;
  const head = /^[^<>]*>/.exec(text.slice(OPEN.length, TAG_LIMIT));
  if (head === null) return /[<]/.test(text.slice(OPEN.length)) || text.length >= TAG_LIMIT ? null : undecided;
  if (!/^(\s|\/?>)/.test(head[0])) return null; // another name that begins like it
  const end = head[0].endsWith('/>') ? OPEN.length + head[0].length : closeOf(text, OPEN.length + head[0].length);
  if (end === null) return null;
  if (end === 'unfinished') return undecided;
  return withLineBreak(text, end, atLineStart, isEnd);
}

function closeOf(text: string, from: number): number | 'unfinished' | null {
  const next = text.indexOf('<', from);
  if (next < 0) return text.length >= TAG_LIMIT ? null : 'unfinished';
  if (next >= TAG_LIMIT) return null;
  const rest = text.slice(next);
  if (rest.startsWith(CLOSE)) return next + CLOSE.length;
  return CLOSE.startsWith(rest) ? 'unfinished' : null;
}

/** A tag on a line of its own takes the line with it. */
function withLineBreak(text: string, end: number, atLineStart: boolean, isEnd: boolean): number | 'unfinished' {
  if (!atLineStart) return end;
  if (text.length === end) return isEnd ? end : 'unfinished';
  if (text.startsWith('\r\n', end)) return end + 2;
  if (text[end] === '\r' && text.length === end + 1 && !isEnd) return 'unfinished';
  return text[end] === '\n' ? end + 1 : end;
}
