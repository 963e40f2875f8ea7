import type { UserState } from '../live/user-state.ts';
import { RAIL_ENTRIES } from '../shell/rail-entries.ts';
import { SHORTCUTS } from '../shell/shortcuts.ts';
import { matchWords } from './match-words.ts';

export type PaletteGroup = 'Do' | 'Go to' | 'Sessions' | 'Chats' | 'Projects' | 'Themes' | 'Files';

/** One line of the palette. `words` are looked through beside the label. */
export interface PaletteItem {
  readonly id: string;
  readonly group: PaletteGroup;
  readonly label: string;
  readonly detail: string | null;
  /** An id of the table of shortcuts, whose keys are shown. */
  readonly shortcut: string | null;
  readonly run: PaletteRun;
}

/** What choosing it does. */
export type PaletteRun =
  | { readonly kind: 'action'; readonly id: string }
  | { readonly kind: 'address'; readonly href: string }
  | { readonly kind: 'theme'; readonly id: 'ember' | 'tide' | 'chalk' | 'beacon' | 'system' };

const THEMES = [
  ['ember', 'Ember, dark and warm'],
  ['tide', 'Tide, dark and cool'],
  ['chalk', 'Chalk, light'],
  ['beacon', 'Beacon, high contrast'],
  ['system', 'Like the system'],
] as const;

const MOST_SHOWN = 60;
/** Neither said twice nor of use where one types what one wants. */
const UNLISTED = /^(palette|tab\.\d|pane\.(left|right|up|down))$/;

/** Everything that can be reached, before anything is typed. */
export function paletteItems(user: Pick<UserState, 'projects' | 'sessions'>, available: ReadonlySet<string>): readonly PaletteItem[] {
  const nameOf = (projectId: string) => user.projects.find((project) => project.id === projectId)?.name ?? null;
  const address = (href: string): PaletteRun => ({ kind: 'address', href });
  return [
    ...SHORTCUTS.filter((shortcut) => available.has(shortcut.id) && !UNLISTED.test(shortcut.id) && !isPage(shortcut.id)).map(({ id, label }): PaletteItem => ({
      id,
      group: 'Do',
      label,
      detail: null,
      shortcut: id,
      run: { kind: 'action', id },
    })),
    ...user.sessions.map((session): PaletteItem => ({
      id: session.id,
      group: 'Sessions',
      label: session.title,
      detail: nameOf(session.projectId),
      shortcut: null,
      run: address(`/sessions/${session.id}`),
    })),
    ...user.sessions.flatMap((session) =>
      session.chats.length < 2
        ? []
        : session.chats.map((chat): PaletteItem => ({
            id: chat.id,
            group: 'Chats',
            label: chat.title,
            detail: session.title,
            shortcut: null,
            run: address(`/sessions/${session.id}/${chat.id}`),
          })),
    ),
    ...RAIL_ENTRIES.map((entry): PaletteItem => ({
      id: entry.id,
      group: 'Go to',
      label: entry.label,
      detail: null,
      shortcut: `go.${entry.id}`,
      run: address(entry.href),
    })),
    { id: 'projects', group: 'Go to', label: 'Projects', detail: null, shortcut: 'go.projects', run: address('/') },
    ...user.projects.map((project): PaletteItem => ({
      id: project.id,
      group: 'Projects',
      label: project.name,
      detail: project.path,
      shortcut: null,
      run: address(`/projects/${project.id}`),
    })),
    ...user.projects.map((project): PaletteItem => ({
      id: `import-${project.id}`,
      group: 'Projects',
      label: 'Import past sessions',
      detail: project.name,
      shortcut: null,
      run: address(`/projects/${project.id}/import`),
    })),
    ...THEMES.map(([id, label]): PaletteItem => ({
      id: `theme-${id}`,
      group: 'Themes',
      label: `Theme: ${label}`,
      detail: null,
      shortcut: null,
      run: { kind: 'theme', id },
    })),
  ];
}

/** The items that answer what was typed, the best of each group first; the group of the best one leads. */
export function rankItems(items: readonly PaletteItem[], query: string): readonly PaletteItem[] {
  if (query.trim() === '') return items.slice(0, MOST_SHOWN);
  const scored = items.flatMap((item) => {
    const score = matchWords(query, [item.label, item.detail ?? '', item.group].join(' '));
    const inLabel = matchWords(query, item.label);
    return score === null ? [] : [{ item, score: inLabel === null ? score : inLabel + 10 }];
  });
  const best = new Map<PaletteGroup, number>();
  for (const { item, score } of scored) best.set(item.group, Math.max(best.get(item.group) ?? -Infinity, score));
  return scored
    .toSorted((a, b) => (best.get(b.item.group) ?? 0) - (best.get(a.item.group) ?? 0) || a.item.group.localeCompare(b.item.group) || b.score - a.score)
    .slice(0, MOST_SHOWN)
    .map(({ item }) => item);
}

function isPage(id: string): boolean {
  return id === 'go.projects' || RAIL_ENTRIES.some((entry) => id === `go.${entry.id}`);
}
