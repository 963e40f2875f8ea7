import { useLocation } from 'wouter';
import { useLive, useUser } from '../live/live-context.tsx';
import { RAIL_ENTRIES } from './rail-entries.ts';
import { groupSessions } from './session-groups.ts';
import { useActions } from './use-actions.ts';
import { useCurrentProject } from './use-current-project.ts';
import { useShortcuts } from './use-shortcuts.ts';

/** The keys of the page, and what they can do everywhere. */
export function AppActions() {
  const { overlay } = useLive();
  const { sessions, permissions, failed } = useUser();
  const [path, navigate] = useLocation();
  const project = useCurrentProject();
  useShortcuts();
  const goToNext = () => {
    const { needsYou } = groupSessions(sessions, permissions, failed ?? []);
    const at = needsYou.findIndex((session) => path.startsWith(`/sessions/${session.id}`));
    const next = needsYou[(at + 1) % Math.max(1, needsYou.length)];
    navigate(next === undefined ? '/inbox' : `/sessions/${next.id}`);
  };
  useActions({
    palette: () => overlay.set({ kind: 'palette' }),
    help: () => overlay.set({ kind: 'keys' }),
    'go.projects': () => navigate('/'),
    'go.next': goToNext,
    ...Object.fromEntries(RAIL_ENTRIES.map((entry) => [`go.${entry.id}`, () => navigate(entry.href)])),
  });
  useActions(project === null ? null : { 'go.new-session': () => navigate(`/projects/${project.id}`) });
  return null;
}
