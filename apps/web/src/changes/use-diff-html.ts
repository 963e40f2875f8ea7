import type { ApiClient } from '@boocode/contracts/api-client.ts';
import type { ChangeSide, ChangeWithPatch } from '@boocode/contracts/change.ts';
import { useEffect, useState } from 'react';
import { useLive } from '../live/live-context.tsx';
import { highlightTexts } from '../markdown/highlight-pool.ts';
import { findLanguage } from '../markdown/highlight.ts';
import type { DiffBlock, DiffLine } from './diff-blocks.ts';

/** Coloured lines by line number, each side; a line that is not there is shown plain. */
export interface DiffHtml {
  readonly old: ReadonlyMap<number, string>;
  readonly new: ReadonlyMap<number, string>;
}

/** A piece of one side whose first line is known. */
interface Piece {
  readonly side: ChangeSide;
  readonly first: number;
  readonly text: string;
}

/** Colours whole sides, so that strings and comments over many lines come out right; where a side cannot be had, block by block. Null until it is done. */
export function useDiffHtml(change: ChangeWithPatch, blocks: readonly DiffBlock[]): DiffHtml | null {
  const { api } = useLive();
  const [html, setHtml] = useState<DiffHtml | null>(null);
  const language = findLanguage(change.path);
  const { id, patch, kind } = change;
  useEffect(() => {
    if (language === null || patch === null) return;
    const gone = new AbortController();
    const work = async () => {
      const sides = [kind === 'added' ? [] : await readSide(api, id, 'old', blocks), kind === 'deleted' ? [] : await readSide(api, id, 'new', blocks)].flat();
      const lines = await highlightTexts(
        language,
        sides.map((piece) => piece.text),
      );
      if (lines === null || gone.signal.aborted) return;
      const of = (side: ChangeSide) => new Map(sides.flatMap((piece, at) => (piece.side === side ? numbered(piece.first, lines[at] ?? []) : [])));
      setHtml({ old: of('old'), new: of('new') });
    };
    void work();
    return () => gone.abort();
    // oxlint-disable-next-line react/exhaustive-deps -- the blocks follow from the patch
  }, [api, id, patch, kind, language]);
  return html;
}

async function readSide(api: ApiClient, id: ChangeWithPatch['id'], side: ChangeSide, blocks: readonly DiffBlock[]): Promise<readonly Piece[]> {
  const pieces = blocks.map((block) => pieceOf(block, side));
  try {
    const { text } = await api.getChangeContent({ params: { id }, query: { side } });
    if (text !== null && holdsAll(text, side, blocks)) return [{ side, first: 1, text }];
  } catch {
    // away, or gone meanwhile: the blocks alone are coloured
  }
  return pieces.filter((piece) => piece !== null);
}

/** The content may be newer than the patch: then its lines are others. */
function holdsAll(text: string, side: ChangeSide, blocks: readonly DiffBlock[]): boolean {
  const lines = text.split('\n');
  return blocks.every((block) => block.lines.every((line) => !isOn(line, side) || line.kind === 'context' || lines[(line[side] ?? 0) - 1] === line.text));
}

function pieceOf(block: DiffBlock, side: ChangeSide): Piece | null {
  const lines = block.lines.filter((line) => isOn(line, side));
  const first = lines[0]?.[side];
  return first === null || first === undefined ? null : { side, first, text: lines.map((line) => line.text).join('\n') };
}

function isOn(line: DiffLine, side: ChangeSide): boolean {
  return line[side] !== null;
}

function numbered(first: number, lines: readonly string[]): readonly (readonly [number, string])[] {
  return lines.map((html, at) => [first + at, html]);
}
