import type { Session } from '@boocode/contracts/chat.ts';
import { useState } from 'react';
import { useUser } from '../live/live-context.tsx';
import { groupSessions } from './session-groups.ts';
import { SessionLink } from './SessionLink.tsx';

/** Of those that want nothing, the newest: every line is drawn anew whenever something happens anywhere. */
const MOST_QUIET = 40;

/** Sessions sorted by the attention they want. */
export function SessionGroupList({ sessions, showProject }: { sessions: readonly Session[]; showProject: boolean }) {
  const { permissions, failed, projects } = useUser();
  const [isWhole, setIsWhole] = useState(false);
  const groups = groupSessions(sessions, permissions, failed ?? []);
  const sections = [
    ['Needs you', groups.needsYou],
    ['Working', groups.working],
    ['Quiet', isWhole ? groups.quiet : groups.quiet.slice(0, MOST_QUIET)],
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
      {groups.quiet.length > MOST_QUIET ? (
        <button type="button" className="btn btn-small mb-4" aria-expanded={isWhole} onClick={() => setIsWhole(!isWhole)}>
          {isWhole ? 'Show the newest' : `Show all ${groups.quiet.length} quiet ones`}
        </button>
      ) : null}
    </>
  );
}
