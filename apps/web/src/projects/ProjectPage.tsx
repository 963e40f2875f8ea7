import type { Project, RepositoryState } from '@boocode/contracts/project.ts';
import { GitBranch, GitBranchPlus, History } from 'lucide-react';
import { lazy, Suspense, useEffect, useReducer } from 'react';
import { Link } from 'wouter';
import { useLive, useUser } from '../live/live-context.tsx';
import { sentenceOf, useAction } from '../live/use-action.ts';
import { SessionGroupList } from '../shell/SessionGroupList.tsx';
import { Shell } from '../shell/Shell.tsx';
import { ErrorLine } from '../ui/ErrorLine.tsx';
import { RetryLine } from '../ui/RetryLine.tsx';
import { LazyBoundary } from '../ui/LazyBoundary.tsx';
import { NewSession } from './NewSession.tsx';
import { StartChecks } from './StartChecks.tsx';

const TrustQuestions = lazy(async () => ({ default: (await import('../trust/TrustQuestions.tsx')).TrustQuestions }));

/** A project's home: start something, and see what its sessions are about. */
export function ProjectPage({ id }: { id: string }) {
  const { projects, isCurrent } = useUser();
  const project = projects.find((other) => other.id === id);
  if (project !== undefined) return <OpenProject key={project.id} project={project} />;
  return (
    <Shell title="Project">
      <div className="pane grid flex-1 place-content-center justify-items-center gap-3 p-6 text-center max-md:!rounded-none">
        {isCurrent ? (
          <>
            <h1 className="text-15">This project is not here. It may have been removed.</h1>
            <Link href="/" className="btn btn-line">
              Go to your projects
            </Link>
          </>
        ) : (
          <span role="status" className="text-fg-2">
            Opening the project
          </span>
        )}
      </div>
    </Shell>
  );
}

function OpenProject({ project }: { project: Project }) {
  const { sessions } = useUser();
  const { repository, problem, load } = useRepository(project);
  const own = sessions.filter((session) => session.projectId === project.id);
  return (
    <Shell title={project.name}>
      <div className="pane flex-1 overflow-y-auto max-md:!rounded-none max-md:border-x-0">
        <div className="mx-auto max-w-[760px] space-y-5 px-5 py-7 md:py-12">
          <header>
            <h1 className="text-24 font-bold max-md:sr-only">{project.name}</h1>
            <p className="flex min-h-5 flex-wrap items-center gap-x-3 gap-y-1 text-12 text-fg-2">
              <span className="font-mono [overflow-wrap:anywhere]">{project.path}</span>
              {repository?.branch == null ? null : (
                <span className="flex items-center gap-1">
                  <GitBranch size={13} />
                  <span className="font-mono">{repository.branch}</span>
                </span>
              )}
            </p>
          </header>
          <RepositoryNotice project={project} repository={repository} onStarted={load} />
          <RetryLine message={problem} onRetry={load} />
          <NewSession project={project} canCode={repository === null || canCode(repository)} hasCommit={repository === null || repository.kind === 'ready'} />
          <div className="pt-2">
            {own.length === 0 ? (
              <p className="text-13 text-fg-1">No sessions yet. Describe a change to start one.</p>
            ) : (
              <SessionGroupList sessions={own} showProject={false} />
            )}
            <Link href={`/projects/${project.id}/import`} className="btn btn-small btn-line mt-3">
              <History size={14} /> Import past sessions
            </Link>
          </div>
          <LazyBoundary>
            <Suspense>
              <TrustQuestions projectId={project.id} isHistory={false} />
            </Suspense>
          </LazyBoundary>
          <StartChecks isFirst={false} />
        </div>
      </div>
    </Shell>
  );
}

function canCode({ kind }: RepositoryState): boolean {
  return kind === 'ready' || kind === 'no_commit' || kind === 'shadow';
}

/** What git says of a folder that is no usual repository, with the way out where there is one. */
function RepositoryNotice({ project, repository, onStarted }: { project: Project; repository: RepositoryState | null; onStarted: () => void }) {
  const { api } = useLive();
  const action = useAction();
  if (repository === null || (repository.kind === 'ready' && repository.message === null)) return null;
  const canStart = repository.kind === 'no_repository' || repository.kind === 'no_commit' || repository.kind === 'shadow';
  return (
    <section aria-label="Repository" className="rounded-l border border-line-2 bg-bg-2 p-4">
      <p className="text-14">{repository.message ?? 'Agents cannot edit in this folder.'}</p>
      {canStart ? (
        <button
          type="button"
          className="btn btn-line mt-3"
          disabled={action.isBusy}
          onClick={() => void action.run(() => api.startRepository({ params: { id: project.id }, body: {} })).then((isStarted) => isStarted && onStarted())}
        >
          <GitBranchPlus size={15} /> Start git here
        </button>
      ) : null}
      <div className="mt-2 empty:mt-0">
        <ErrorLine message={action.message} />
      </div>
    </section>
  );
}

interface RepositoryRead {
  readonly repository: RepositoryState | null;
  readonly problem: string | null;
}

function useRepository(project: Project): RepositoryRead & { readonly load: () => void } {
  const { api } = useLive();
  const [state, set] = useReducer((_: RepositoryRead, next: RepositoryRead) => next, { repository: null, problem: null });
  const load = () => {
    api.getRepository({ params: { id: project.id } }).then(
      (repository) => set({ repository, problem: null }),
      (error: unknown) => set({ repository: null, problem: sentenceOf(error) }),
    );
  };
  useEffect(load, [api, project.id]);
  return { ...state, load };
}
