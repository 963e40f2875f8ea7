import { splitHighlightedLines } from './highlight-lines.ts';
import { loadHighlight } from './highlight.ts';

export interface HighlightRequest {
  readonly id: number;
  readonly language: string;
  readonly texts: readonly string[];
}

export interface HighlightReply {
  readonly id: number;
  /** For each text its lines as HTML; null when it could not be done. */
  readonly lines: readonly (readonly string[])[] | null;
}

self.addEventListener('message', (event: MessageEvent<HighlightRequest>) => {
  void answer(event.data).then((reply) => self.postMessage(reply));
});

async function answer({ id, language, texts }: HighlightRequest): Promise<HighlightReply> {
  try {
    const highlight = await loadHighlight(language);
    return { id, lines: texts.map((text) => splitHighlightedLines(highlight(text))) };
  } catch {
    return { id, lines: null }; // offline, or a grammar that failed: the text stays plain
  }
}
