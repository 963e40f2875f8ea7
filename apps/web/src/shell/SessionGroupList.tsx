import type { Session } from '@boocode/contracts/chat.ts';
import { useUser } from '../live/live-context.tsx';
import { groupSessions } from './session-groups.ts';
import { SessionLink } from './SessionLink.tsx';

/** Sessions sorted by the attention they want. */
export function SessionGroupList({ sessions, showProject }: { sessions: readonly Session[]; showProject: boolean }) {
  const { permissions, failed, projects } = useUser();
  const groups = groupSessions(sessions, permissions, failed ?? []);
  const sections = [
    ['Needs you', groups.needsYou],
    ['Working', groups.working],
    ['Quiet', groups.quiet],
  ] as const;
  return (
    <>
      {sections.map(([label, group]) =>
        group.length === 0 ? null : (
          <div key={label} className="mb-4">
            <h2 className="mb-1 px-2 text-12 font-medium text-fg-1">{label}</h2>
            <ul aria-label={label} className="space-y-px">
              {group.map((session) => (
                <li key={session.id}>
                  <SessionLink
                    session={session}
                    permissions={permissions}
                    failed={failed ?? []}
                    projectName={showProject ? projects.find((project) => project.id === session.projectId)?.name : undefined}
                  />
                </li>
              ))}
            </ul>
          </div>
        ),
      )}
    </>
  );
}
