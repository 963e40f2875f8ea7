import { splitHighlightedLines } from './highlight-lines.ts';
import { loadHighlight } from './highlight.ts';

export interface HighlightRequest {
  readonly id: number;
  readonly language: string;
  readonly texts: readonly string[];
}

/** Some lines of one of the texts as HTML; `text` and `first` are their places. */
export interface HighlightedLines {
  readonly text: number;
  readonly first: number;
  readonly lines: readonly string[];
}

/** The last one has no lines, and says whether all of them came. */
export type HighlightReply = { readonly id: number } & ({ readonly part: HighlightedLines } | { readonly part: null; readonly isWhole: boolean });

/** Taking over thousands of lines at once would hold up the page. */
const PART = 250;

self.addEventListener('message', (event: MessageEvent<HighlightRequest>) => void answer(event.data));

async function answer({ id, language, texts }: HighlightRequest): Promise<void> {
  const reply = (message: HighlightReply) => self.postMessage(message);
  try {
    const highlight = await loadHighlight(language);
    for (const [text, code] of texts.entries()) {
      const lines = splitHighlightedLines(highlight(code));
      for (let first = 0; first < lines.length; first += PART) reply({ id, part: { text, first, lines: lines.slice(first, first + PART) } });
    }
    reply({ id, part: null, isWhole: true });
  } catch {
    reply({ id, part: null, isWhole: false }); // offline, or a grammar that failed: the text stays plain
  }
}
