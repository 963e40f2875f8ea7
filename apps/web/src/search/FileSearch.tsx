import type { ProjectId, SessionId } from '@boocode/contracts/ids.ts';
import { CaseSensitive, Regex, WholeWord } from 'lucide-react';
import { type ReactNode, useCallback, useRef, useState } from 'react';
import { FilePlace, usePlace } from '../files/FilePlace.tsx';
import { MarkedText } from '../files/MarkedText.tsx';
import { moveAmongButtons } from '../files/move-among-buttons.ts';
import { useSearch } from '../files/use-search.ts';
import { useLive } from '../live/live-context.tsx';
import { LiveRegion } from '../ui/LiveRegion.tsx';
import { aroundMark, groupMatches, type MatchGroup } from './match-groups.ts';
import { SearchField } from './SearchField.tsx';
import { SearchHint } from './SearchHint.tsx';

interface FileSearchProps {
  readonly projectId: ProjectId;
  readonly sessionId: SessionId;
  readonly onOpen: (path: string, line: number) => void;
}

type Option = 'case_sensitive' | 'whole_word' | 'regex';

/** The lines of all files that hold a text, by file. */
export function FileSearch({ projectId, sessionId, onOpen }: FileSearchProps) {
  const { api } = useLive();
  const [words, setWords] = useState('');
  const [place, setPlace] = usePlace(sessionId);
  const [options, setOptions] = useState<ReadonlySet<Option>>(new Set());
  const results = useRef<HTMLDivElement>(null);
  const search = useCallback(
    (q: string, signal: AbortSignal) => {
      const flags = Object.fromEntries([...options].map((option) => [option, 'true' as const]));
      return api.searchFiles({
        params: { id: projectId },
        query: { q, limit: 300, ...flags, ...(place === 'worktree' ? { session: sessionId } : {}) },
        signal,
      });
    },
    [api, projectId, sessionId, place, options],
  );
  const { result, failure, again } = useSearch(words, search);
  const items = result?.items ?? [];
  const groups = groupMatches(items);
  const toggle = (option: Option, label: string, icon: ReactNode) => (
    <button
      type="button"
      className={`btn btn-icon ${options.has(option) ? '!bg-bg-3 !text-fg-0' : ''}`}
      aria-pressed={options.has(option)}
      aria-label={label}
      title={label}
      onClick={() => setOptions((before) => (before.has(option) ? new Set([...before].filter((other) => other !== option)) : new Set([...before, option])))}
    >
      {icon}
    </button>
  );
  return (
    <>
      <SearchField label="Search in files" words={words} onChange={setWords} onDown={() => results.current?.querySelector('button')?.focus()}>
        {toggle('case_sensitive', 'Match case', <CaseSensitive size={16} />)}
        {toggle('whole_word', 'Whole words', <WholeWord size={16} />)}
        {toggle('regex', 'Regular expression', <Regex size={14} />)}
        <FilePlace place={place} onChoose={setPlace} />
      </SearchField>
      <LiveRegion text={result === null ? '' : countWords(items.length, groups.length, result.truncated)} />
      <div ref={results} data-results="" className="min-h-0 flex-1 overflow-y-auto pb-3">
        {failure === null ? null : <SearchHint text={failure} onAgain={again} />}
        {words.trim() === '' ? <SearchHint text="Search every file that git knows or could know. Ignored files are left out." /> : null}
        {result !== null && items.length === 0 ? <SearchHint text="No line holds this. Try fewer letters, or another of the buttons above." /> : null}
        {items.length === 0 ? null : <p className="px-3 pt-2 text-12 text-fg-2">{countWords(items.length, groups.length, result?.truncated === true)}</p>}
        {groups.map((group) => (
          <Group key={group.path} group={group} onOpen={onOpen} />
        ))}
      </div>
    </>
  );
}

function Group({ group, onOpen }: { group: MatchGroup; onOpen: FileSearchProps['onOpen'] }) {
  const slash = group.path.lastIndexOf('/') + 1;
  return (
    <section aria-label={group.path} className="pt-2">
      <h2 className="flex items-baseline gap-2 px-3 py-1">
        <span className="shrink-0 font-semibold">{group.path.slice(slash)}</span>
        <span className="min-w-0 truncate text-12 text-fg-2">{group.path.slice(0, Math.max(0, slash - 1))}</span>
        <span className="ml-auto text-12 text-fg-2">{group.matches.length}</span>
      </h2>
      <ul>
        {group.matches.map((match) => {
          const shown = aroundMark(match);
          return (
            <li key={`${match.line} ${match.column}`}>
              <button type="button" className="tree-row code w-full text-left" onKeyDown={moveAmongButtons} onClick={() => onOpen(match.path, match.line)}>
                <span className="w-12 shrink-0 pr-2 text-right text-fg-2">{match.line}</span>
                <span className="min-w-0 truncate text-fg-1">
                  <MarkedText text={shown.text} ranges={shown.ranges} />
                </span>
              </button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function countWords(lines: number, files: number, isMore: boolean): string {
  return `${isMore ? 'The first ' : ''}${lines} ${lines === 1 ? 'line' : 'lines'} in ${files} ${files === 1 ? 'file' : 'files'}`;
}
