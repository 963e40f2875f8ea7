import type { ProjectId, SessionId } from '@boocode/contracts/ids.ts';
import type { FileName } from '@boocode/contracts/project-file.ts';
import { useEffect, useState } from 'react';
import { useLive } from '../live/live-context.tsx';
import { PANE_KINDS } from '../panes/pane-kinds.tsx';
import { tabAddress } from '../panes/tab-address.ts';
import { matchWords } from './match-words.ts';
import type { PaletteItem } from './palette-items.ts';

const WAIT_MS = 120;
const SHOWN = 12;
const READ = 100;

/** Files of the project whose path answers what was typed, once a moment passed. None where no session is open, or nothing can show a file. */
export function useFileItems(projectId: ProjectId | null, sessionId: SessionId | null, query: string): readonly PaletteItem[] {
  const { api } = useLive();
  const [found, setFound] = useState<{ readonly query: string; readonly items: readonly PaletteItem[] }>({ query: '', items: [] });
  const words = query.trim();
  const canShow = Object.hasOwn(PANE_KINDS, 'file');
  useEffect(() => {
    if (projectId === null || sessionId === null || words.length < 2 || !canShow) return;
    const life = new AbortController();
    const timer = setTimeout(() => {
      api.findFileNames({ params: { id: projectId }, query: { q: longestOf(words), limit: READ, session: sessionId }, signal: life.signal }).then(
        ({ items }) => setFound({ query: words, items: bestOf(items, words).map((path) => fileItem(sessionId, path)) }),
        () => undefined, // files are an extra: everything else still answers
      );
    }, WAIT_MS);
    return () => {
      clearTimeout(timer);
      life.abort();
    };
  }, [api, projectId, sessionId, words, canShow]);
  return words.length < 2 ? [] : found.items;
}

/** The server looks for characters in their order; words in any order are looked for here, in what the longest of them found. */
function longestOf(words: string): string {
  return words.split(/\s+/).reduce((longest, word) => (word.length > longest.length ? word : longest));
}

function bestOf(items: readonly FileName[], words: string): readonly string[] {
  const isOne = !/\s/.test(words);
  return items
    .flatMap(({ path }) => {
      const score = isOne ? 0 : matchWords(words, path);
      return score === null ? [] : [{ path, score }];
    })
    .toSorted((a, b) => b.score - a.score)
    .slice(0, SHOWN)
    .map(({ path }) => path);
}

function fileItem(sessionId: SessionId, path: string): PaletteItem {
  return {
    id: `file ${path}`,
    group: 'Files',
    label: path.slice(path.lastIndexOf('/') + 1),
    detail: path,
    shortcut: null,
    run: { kind: 'address', href: tabAddress(sessionId, { kind: 'file', ref: path }) },
  };
}
