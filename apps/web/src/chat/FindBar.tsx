import type { ChatId } from '@boocode/contracts/ids.ts';
import type { ChatMatch } from '@boocode/contracts/search.ts';
import { ChevronDown, ChevronUp, X } from 'lucide-react';
import { type KeyboardEvent, type RefObject, useEffect, useEffectEvent, useRef } from 'react';
import { findRanges, markRanges } from './mark-found.ts';
import { useFind } from './use-find.ts';

interface FindBarProps {
  readonly chatId: ChatId;
  /** What is drawn of the conversation. */
  readonly content: RefObject<HTMLElement | null>;
  /** Brings a match on the screen; resolves with its row when it is drawn. */
  readonly goTo: (match: ChatMatch, words: string) => Promise<HTMLElement | null>;
  readonly onClose: () => void;
}

/** Finds words in a chat, also where it is not loaded. */
export function FindBar({ chatId, content, goTo, onClose }: FindBarProps) {
  const find = useFind(chatId);
  const { foundWords, matches, index, visit, problem, words } = find.state;
  const input = useRef<HTMLInputElement>(null);
  const here = useRef<() => void>(() => undefined);
  useMarks(content, foundWords ?? '');

  const visitMatch = useEffectEvent(async (signal: AbortSignal) => {
    here.current();
    if (find.current === null || foundWords === null || foundWords.trim() === '') return;
    const row = await goTo(find.current, foundWords);
    if (signal.aborted || row === null) return;
    const first = findRanges(row, foundWords).slice(0, 1);
    here.current = markRanges('found-here', first);
    first[0]?.startContainer.parentElement?.scrollIntoView({ block: 'nearest' });
  });
  useEffect(() => {
    const leaving = new AbortController();
    if (visit > 0) void visitMatch(leaving.signal);
    return () => leaving.abort();
  }, [visit]);
  useEffect(() => () => here.current(), []);
  useEffect(() => input.current?.focus(), []);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') {
      event.stopPropagation();
      onClose();
    }
    if (event.key === 'Enter') {
      event.preventDefault();
      find.step(event.shiftKey ? 1 : -1);
    }
  };
  const said = problem ?? sayCount(words, foundWords, matches, index);
  return (
    <search aria-label="Find in this chat" className="flex items-center gap-1 border-b border-line bg-bg-2 px-2 py-1">
      <input
        ref={input}
        type="text"
        aria-label="Find in this chat"
        placeholder="Find in this chat"
        className="min-h-7 min-w-0 flex-1 rounded-s bg-transparent px-2 text-13"
        maxLength={200}
        value={words}
        onChange={(event) => find.type(event.target.value)}
        onKeyDown={onKeyDown}
      />
      <span role="status" className={`shrink-0 px-1 text-12 ${problem === null ? 'text-fg-1' : 'text-bad'}`}>
        {said}
      </span>
      <button
        type="button"
        className="btn btn-icon"
        aria-label="Previous match"
        title="Previous (Enter)"
        disabled={matches.length === 0}
        onClick={() => find.step(-1)}
      >
        <ChevronUp size={15} />
      </button>
      <button
        type="button"
        className="btn btn-icon"
        aria-label="Next match"
        title="Next (Shift+Enter)"
        disabled={matches.length === 0}
        onClick={() => find.step(1)}
      >
        <ChevronDown size={15} />
      </button>
      <button type="button" className="btn btn-icon" aria-label="Close find" title="Close (Esc)" onClick={onClose}>
        <X size={15} />
      </button>
    </search>
  );
}

function sayCount(words: string, foundWords: string | null, matches: readonly ChatMatch[], index: number): string {
  if (words.trim() === '') return '';
  if (foundWords === null && matches.length === 0) return 'Looking';
  if (matches.length === 0) return 'Not found';
  const count = matches.reduce((sum, match) => sum + match.count, 0);
  return `${index + 1} of ${matches.length}${count === matches.length ? '' : `, ${count} hits`}`;
}

/** Marks the words in all that is drawn, and in what is drawn later. */
function useMarks(content: RefObject<HTMLElement | null>, words: string): void {
  useEffect(() => {
    const root = content.current;
    if (root === null || words.trim() === '') return;
    let unmark: () => void = () => undefined;
    let frame = 0;
    const mark = () => {
      frame = 0;
      unmark();
      unmark = markRanges('found', findRanges(root, words));
    };
    mark();
    const changes = new MutationObserver(() => {
      if (frame === 0) frame = requestAnimationFrame(mark);
    });
    changes.observe(root, { childList: true, subtree: true, characterData: true });
    return () => {
      cancelAnimationFrame(frame);
      changes.disconnect();
      unmark();
    };
  }, [content, words]);
}
