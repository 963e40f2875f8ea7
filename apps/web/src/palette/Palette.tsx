import { Search } from 'lucide-react';
import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import { useLocation, useRoute } from 'wouter';
import { useLive, useUser } from '../live/live-context.tsx';
import { useCurrentProject } from '../shell/use-current-project.ts';
import { useKeysLabel } from '../shell/use-keys-label.ts';
import { LiveRegion } from '../ui/LiveRegion.tsx';
import { ModalDialog } from '../ui/ModalDialog.tsx';
import { type PaletteItem, paletteItems, rankItems } from './palette-items.ts';
import { useFileItems } from './use-file-items.ts';

/** Everything by a few letters: words in any order find actions, sessions, chats, pages, projects, themes and files. */
export function Palette({ onClose }: { onClose: () => void }) {
  const { actions, theme } = useLive();
  const user = useUser();
  const [, navigate] = useLocation();
  const project = useCurrentProject();
  const [isSession, params] = useRoute('/sessions/:id/*?');
  const session = isSession ? user.sessions.find((other) => other.id === params.id) : undefined;
  const available = useSyncExternalStore(actions.available.subscribe, actions.available.get);
  const [query, setQuery] = useState('');
  const [chosen, setChosen] = useState(0);
  const known = useMemo(() => paletteItems(user, available), [user, available]);
  const files = useFileItems(project?.id ?? null, session?.id ?? null, query);
  const items = useMemo(() => [...rankItems(known, query), ...files], [known, files, query]);
  const at = Math.min(chosen, items.length - 1);
  const list = useRef<HTMLDivElement>(null);
  const id = useId();
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [at, items]);

  const run = (item: PaletteItem | undefined, close: () => void) => {
    if (item === undefined) return;
    close(); // first: the focus goes back to where it was, and the action may take it from there
    setTimeout(() => {
      if (item.run.kind === 'action') actions.run(item.run.id);
      else if (item.run.kind === 'address') navigate(item.run.href);
      else void theme.choose(item.run.id).catch(() => undefined /* it holds on this device */);
    });
  };
  const onKeyDown = (event: KeyboardEvent, close: () => void) => {
    const last = items.length - 1;
    if (event.key === 'ArrowDown') setChosen(at >= last ? 0 : at + 1);
    else if (event.key === 'ArrowUp') setChosen(at <= 0 ? last : at - 1);
    else if (event.key === 'PageDown') setChosen(Math.min(last, at + 8));
    else if (event.key === 'PageUp') setChosen(Math.max(0, at - 8));
    else if (event.key === 'Enter' && !event.nativeEvent.isComposing) run(items[at], close);
    else if (event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey)) close();
    else return;
    event.preventDefault();
  };
  return (
    <ModalDialog label="Search or run a command" onClose={onClose} className="modal-palette">
      {(close) => (
        <>
          <div className="flex items-center gap-2.5 border-b border-line-2 px-4">
            <Search size={16} className="shrink-0 text-fg-2" />
            <input
              className="min-h-12 min-w-0 flex-1 bg-transparent text-15 outline-none"
              role="combobox"
              aria-label="Search or run a command"
              aria-expanded="true"
              aria-controls={`${id}-list`}
              aria-activedescendant={items[at] === undefined ? undefined : `${id}-${at}`}
              aria-autocomplete="list"
              placeholder="Search sessions, chats, projects, files and commands"
              autoComplete="off"
              spellCheck={false}
              autoFocus
              value={query}
              onChange={(event) => {
                setQuery(event.target.value);
                setChosen(0);
              }}
              onKeyDown={(event) => onKeyDown(event, close)}
            />
          </div>
          <div ref={list} id={`${id}-list`} role="listbox" aria-label="Found" className="max-h-[min(420px,60dvh)] overflow-y-auto p-1.5">
            {items.map((item, index) => (
              <Line
                key={`${item.group} ${item.id}`}
                item={item}
                id={`${id}-${index}`}
                isChosen={index === at}
                heading={items[index - 1]?.group === item.group ? null : item.group}
                onPoint={() => setChosen(index)}
                onRun={() => run(item, close)}
              />
            ))}
          </div>
          {items.length === 0 ? (
            <p className="px-4 pt-2 pb-6 text-center text-13 text-fg-1">
              Nothing is called that. Try fewer letters, or a part of a title, a path or a command.
            </p>
          ) : null}
          <LiveRegion text={query === '' ? '' : `${items.length} found`} />
        </>
      )}
    </ModalDialog>
  );
}

interface LineProps {
  readonly item: PaletteItem;
  readonly id: string;
  readonly isChosen: boolean;
  readonly heading: string | null;
  readonly onPoint: () => void;
  readonly onRun: () => void;
}

function Line({ item, id, isChosen, heading, onPoint, onRun }: LineProps) {
  const keys = useKeysLabel()(item.shortcut ?? '');
  return (
    <>
      {heading === null ? null : (
        <p role="presentation" className="px-2.5 pt-2 pb-1 text-12 text-fg-1">
          {heading}
        </p>
      )}
      {/* oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus -- the field above keeps the focus and has the keys */}
      <div
        id={id}
        role="option"
        aria-selected={isChosen}
        onPointerMove={onPoint}
        onClick={onRun}
        className={`flex min-h-9 items-center gap-3 rounded-m px-2.5 py-1 ${isChosen ? 'palette-chosen' : 'text-fg-1'}`}
      >
        <span className="min-w-0 flex-1">
          <span className="block truncate text-fg-0">{item.label}</span>
          {item.detail === null ? null : <span className="block truncate text-12 text-fg-1">{item.detail}</span>}
        </span>
        {keys === null ? null : <span className="shrink-0 font-mono text-11 text-fg-1">{keys}</span>}
      </div>
    </>
  );
}
