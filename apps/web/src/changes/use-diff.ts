import type { ChangeWithPatch } from '@boocode/contracts/change.ts';
import { startTransition, useEffect, useMemo, useState } from 'react';
import { type DiffBlock, diffBlocks, hasLines, patchHead } from './diff-blocks.ts';
import { type DiffHtml, useDiffHtml } from './use-diff-html.ts';

/** What is shown of a patch. */
export interface Diff {
  readonly blocks: readonly DiffBlock[];
  /** False for a moment, while only its beginning is there. */
  readonly isWhole: boolean;
  readonly html: DiffHtml | null;
}

interface DiffNeeds {
  readonly isOpen: boolean;
  /** Somebody goes to a place in it, wherever that is. */
  readonly isSought: boolean;
  readonly isSpaceHidden: boolean;
}

/**
 * A change's diff, read and coloured when it is first opened: first its beginning, so that the first hunk can be decided at once, all of it after the next
 * frame. It stays while the file is folded: unfolding it does nothing twice.
 */
export function useDiff(change: ChangeWithPatch, { isOpen, isSought, isSpaceHidden }: DiffNeeds): Diff {
  const [opened, setOpened] = useState<ChangeWithPatch | null>(null);
  if (isOpen && opened !== change) setOpened(change);
  const shown = isOpen ? change : opened;
  const patch = hasLines(shown?.patch ?? null) ? (shown?.patch ?? null) : null;
  const isPainted = useIsPainted(patch !== null);
  const text = patch === null || isPainted || isSought ? patch : patchHead(patch);
  const hunks = shown?.hunks ?? [];
  // where the hunks are, not what was decided about them: a mark draws its own row anew and parses nothing
  const places = hunks.map((hunk) => `${hunk.oldStart},${hunk.oldLines},${hunk.newStart},${hunk.newLines}`).join(' ');
  const blocks = useMemo(
    () => (text === null ? [] : diffBlocks(text, hunks, isSpaceHidden)),
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- the places say what is used of the hunks
    [text, places, isSpaceHidden],
  );
  const isWhole = text === patch;
  return { blocks, isWhole, html: useDiffHtml(change, isWhole ? patch : null, blocks) };
}

/** Whether what is drawn now has been seen. */
function useIsPainted(isDrawn: boolean): boolean {
  const [isPainted, setIsPainted] = useState(false);
  useEffect(() => {
    if (!isDrawn) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const frame = requestAnimationFrame(() => {
      timer = setTimeout(() => startTransition(() => setIsPainted(true)));
    });
    return () => {
      cancelAnimationFrame(frame);
      clearTimeout(timer);
    };
  }, [isDrawn]);
  return isPainted;
}
