import type { Project } from '@boocode/contracts/project.ts';
import { useRoute } from 'wouter';
import { useUser } from '../live/live-context.tsx';

/** The project of the place one is at; null where it is about all of them. */
export function useCurrentProject(): Project | null {
  const { projects, sessions } = useUser();
  const [isProject, projectParams] = useRoute('/projects/:id/*?');
  const [isSession, sessionParams] = useRoute('/sessions/:id/*?');
  const sessionId = isSession ? sessionParams.id : null;
  const id = isProject ? projectParams.id : sessions.find((session) => session.id === sessionId)?.projectId;
  return projects.find((project) => project.id === id) ?? null;
}
