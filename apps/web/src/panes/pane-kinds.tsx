import { File, Files, GitCompareArrows, History, type LucideIcon, MessageSquare, Search, SquareTerminal } from 'lucide-react';
import { type ComponentType, lazy } from 'react';
import { ChatTab } from './ChatTab.tsx';
import type { PaneProps } from './pane-props.ts';

export interface PaneKind {
  readonly label: string;
  readonly icon: LucideIcon;
  readonly component: ComponentType<PaneProps>;
  /** `always`: one per session, offered in the + menu. `each`: + opens another one. `never`: it opens from elsewhere, a file for instance. */
  readonly offer: 'always' | 'each' | 'never';
  /** In the bar of a phone. */
  readonly isInBar: boolean;
}

const ChangesTab = lazy(async () => ({ default: (await import('./ChangesTab.tsx')).ChangesTab }));
const CheckpointsPane = lazy(async () => ({ default: (await import('../checkpoints/CheckpointsPane.tsx')).CheckpointsPane }));
const FilesPane = lazy(async () => ({ default: (await import('../files/FilesPane.tsx')).FilesPane }));
const FileView = lazy(async () => ({ default: (await import('../files/FileView.tsx')).FileView }));
const SearchPane = lazy(async () => ({ default: (await import('../search/SearchPane.tsx')).SearchPane }));
const TerminalTab = lazy(async () => ({ default: (await import('./TerminalTab.tsx')).TerminalTab }));

/** Every kind of tab that works. A kind that is not here is never shown. */
export const PANE_KINDS: Readonly<Record<string, PaneKind>> = {
  chat: { label: 'Chat', icon: MessageSquare, component: ChatTab, offer: 'each', isInBar: true },
  changes: { label: 'Changes', icon: GitCompareArrows, component: ChangesTab, offer: 'always', isInBar: true },
  checkpoints: { label: 'Checkpoints', icon: History, component: CheckpointsPane, offer: 'always', isInBar: false },
  files: { label: 'Files', icon: Files, component: FilesPane, offer: 'always', isInBar: true },
  file: { label: 'File', icon: File, component: FileView, offer: 'never', isInBar: false },
  terminal: { label: 'Terminal', icon: SquareTerminal, component: TerminalTab, offer: 'each', isInBar: true },
  search: { label: 'Search', icon: Search, component: SearchPane, offer: 'always', isInBar: false },
};
