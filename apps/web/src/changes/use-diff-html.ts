import type { ApiClient } from '@boocode/contracts/api-client.ts';
import type { ChangeSide, ChangeWithPatch } from '@boocode/contracts/change.ts';
import { useEffect, useRef, useState } from 'react';
import { useLive } from '../live/live-context.tsx';
import { highlightTexts } from '../markdown/highlight-pool.ts';
import { findLanguage } from '../markdown/highlight.ts';
import type { DiffBlock, DiffLine } from './diff-blocks.ts';

/** Coloured lines by line number, each side; a line that is not there, or not yet, is shown plain. */
export interface DiffHtml {
  readonly old: ReadonlyMap<number, string>;
  readonly new: ReadonlyMap<number, string>;
}

/** What a patch was coloured with. */
interface Coloured extends DiffHtml {
  readonly patch: string;
}

/** A piece of one side whose first line is known. */
interface Piece {
  readonly side: ChangeSide;
  readonly first: number;
  readonly text: string;
}

/** Colours whole sides, so that strings and comments over many lines come out right; where a side cannot be had, block by block. Null until some of it is done. */
export function useDiffHtml({ id, path, kind }: ChangeWithPatch, patch: string | null, blocks: readonly DiffBlock[]): DiffHtml | null {
  const { api } = useLive();
  const [coloured, setColoured] = useState<Coloured | null>(null);
  const done = useRef<string | null>(null);
  const language = findLanguage(path);
  useEffect(() => {
    if (language === null || patch === null || done.current === patch) return;
    const gone = new AbortController();
    const sides = { old: new Map<number, string>(), new: new Map<number, string>() };
    const colour = async (side: ChangeSide): Promise<boolean> => {
      const pieces = await readSide(api, id, side, blocks);
      if (gone.signal.aborted) return false;
      return highlightTexts(
        language,
        pieces.map((piece) => piece.text),
        ({ text, first, lines }) => {
          const start = (pieces[text]?.first ?? 0) + first;
          for (const [at, html] of lines.entries()) sides[side].set(start + at, html);
          // the maps grow; what holds them is new each time, and so are the lines that have become coloured
          if (!gone.signal.aborted) setColoured({ patch, ...sides });
        },
      );
    };
    const work = async () => {
      const isNewDone = kind === 'deleted' || (await colour('new'));
      const isOldDone = kind === 'added' || (await colour('old'));
      if (isNewDone && isOldDone && !gone.signal.aborted) done.current = patch;
    };
    void work();
    return () => gone.abort();
    // oxlint-disable-next-line react/exhaustive-deps -- the blocks follow from the patch
  }, [api, id, patch, kind, language]);
  return coloured?.patch === patch ? coloured : null;
}

/** A line as HTML; null = shown plain. */
export function htmlOf(html: DiffHtml | null, line: DiffLine | null): string | null {
  if (html === null || line === null) return null;
  return (line.new === null ? html.old.get(line.old ?? 0) : html.new.get(line.new)) ?? null;
}

async function readSide(api: ApiClient, id: ChangeWithPatch['id'], side: ChangeSide, blocks: readonly DiffBlock[]): Promise<readonly Piece[]> {
  try {
    const { text } = await api.getChangeContent({ params: { id }, query: { side } });
    if (text !== null && holdsAll(text, side, blocks)) return [{ side, first: 1, text }];
  } catch {
    // away, or gone meanwhile: the blocks alone are coloured
  }
  return blocks.map((block) => pieceOf(block, side)).filter((piece) => piece !== null);
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
