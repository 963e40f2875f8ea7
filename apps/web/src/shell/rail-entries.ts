import { ChartColumn, FolderGit2, Inbox, ListChecks, type LucideIcon, Settings, TextSearch } from 'lucide-react';
import { useUser } from '../live/live-context.tsx';

/** A page that the rail, the palette and the phone's menu lead to. */
export interface RailEntry {
  /** Also the name of the shortcut that leads there, when the table of shortcuts has `go.<id>`. */
  readonly id: string;
  readonly href: string;
  readonly label: string;
  readonly icon: LucideIcon;
  /** A hook: how many things wait there. */
  readonly useCount?: () => number;
}

/** Pages in the order of the rail. A page is added here when it exists, and its route in App.tsx. */
export const RAIL_ENTRIES: readonly RailEntry[] = [
  { id: 'inbox', href: '/inbox', label: 'Inbox', icon: Inbox, useCount: useInboxCount },
  { id: 'tasks', href: '/tasks', label: 'Tasks', icon: ListChecks },
  { id: 'costs', href: '/costs', label: 'Costs', icon: ChartColumn },
  { id: 'worktrees', href: '/worktrees', label: 'Worktrees', icon: FolderGit2 },
  { id: 'search', href: '/search', label: 'Search chats', icon: TextSearch },
  { id: 'settings', href: '/settings', label: 'Settings', icon: Settings },
];

function useInboxCount(): number {
  const { permissions, failed } = useUser();
  return permissions.length + (failed?.length ?? 0);
}
