import { FolderGit2, Plus } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { useLive, useUser } from '../live/live-context.tsx';
import { useAction } from '../live/use-action.ts';
import { SessionGroupList } from '../shell/SessionGroupList.tsx';
import { Shell } from '../shell/Shell.tsx';
import { ErrorLine } from '../ui/ErrorLine.tsx';
import { Westie } from '../ui/Westie.tsx';
import { StartChecks } from './StartChecks.tsx';

/** All projects, and the place to add one. */
export function ProjectsPage() {
  const { projects, sessions, isLoaded } = useUser();
  const isFirst = isLoaded && projects.length === 0;
  return (
    <Shell title="Projects">
      <div className="pane flex-1 overflow-y-auto max-md:!rounded-none max-md:border-x-0">
        <div className="mx-auto max-w-[760px] space-y-6 px-5 py-8 md:py-12">
          {isFirst ? (
            <header className="flex flex-col items-center gap-3 text-center">
              <Westie size={84} />
              <h1 className="text-24 font-bold">Welcome to BooCode</h1>
              <p className="max-w-[48ch] text-15 text-fg-1">
                Give it a git repository. An agent works in its own copy of it, and nothing reaches your folder until you apply it.
              </p>
            </header>
          ) : (
            <h1 className="text-24 font-bold max-md:sr-only">Projects</h1>
          )}
          {projects.length === 0 ? null : (
            <ul className="grid gap-2 md:grid-cols-2" aria-label="Projects">
              {projects.map((project) => {
                const own = sessions.filter((session) => session.projectId === project.id);
                const pending = own.reduce((sum, session) => sum + session.pendingChanges, 0);
                return (
                  <li key={project.id} className="min-w-0">
                    <Link
                      href={`/projects/${project.id}`}
                      className="flex h-full items-start gap-3 rounded-l border border-line-2 bg-bg-2 p-3.5 hover:border-control"
                    >
                      <FolderGit2 size={18} className="mt-0.5 shrink-0 text-fg-1" />
                      <span className="min-w-0">
                        <span className="block truncate text-15 font-semibold">{project.name}</span>
                        <span className="block truncate font-mono text-12 text-fg-2" title={project.path}>
                          {project.path}
                        </span>
                        <span className="mt-1 block text-12 text-fg-1">
                          {own.length} {own.length === 1 ? 'session' : 'sessions'}
                          {pending > 0 ? `, ${pending} ${pending === 1 ? 'file' : 'files'} to review` : ''}
                        </span>
                      </span>
                    </Link>
                  </li>
                );
              })}
            </ul>
          )}
          {isLoaded ? (
            <AddProject isFirst={isFirst} />
          ) : (
            <div role="status" aria-label="Reading your projects" className="grid gap-2 md:grid-cols-2">
              <div className="skeleton h-[90px]" />
              <div className="skeleton h-[90px]" />
            </div>
          )}
          {sessions.length === 0 ? null : (
            <div className="border-t border-line pt-5 md:hidden">
              <SessionGroupList sessions={sessions} showProject />
            </div>
          )}
          {isLoaded ? <StartChecks isFirst={isFirst} /> : null}
        </div>
      </div>
    </Shell>
  );
}

function AddProject({ isFirst }: { isFirst: boolean }) {
  const { api, user } = useLive();
  const [, navigate] = useLocation();
  const [path, setPath] = useState('');
  const action = useAction();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (path.trim() === '' || action.isBusy) return;
    void action.run(async () => {
      const project = await api.createProject({ body: { path: path.trim() } });
      user.addProject(project);
      navigate(`/projects/${project.id}`);
    });
  };
  return (
    <form onSubmit={submit} className="space-y-2">
      <label htmlFor="project-path" className="block font-semibold">
        {isFirst ? 'Where is your first project?' : 'Add a project'}
      </label>
      <div className="flex flex-wrap gap-2">
        <input
          id="project-path"
          className="field min-w-0 flex-1 basis-64 font-mono"
          placeholder="/home/you/src/your-repository"
          autoComplete="off"
          spellCheck={false}
          autoCapitalize="off"
          maxLength={4_096}
          value={path}
          aria-describedby="project-path-hint"
          onChange={(event) => setPath(event.target.value)}
        />
        <button type="submit" className="btn btn-primary min-h-(--bar)" disabled={path.trim() === '' || action.isBusy}>
          <Plus size={15} /> Add project
        </button>
      </div>
      <p id="project-path-hint" className="text-12 text-fg-2">
        The folder&apos;s full path on the machine that runs BooCode.
      </p>
      <ErrorLine message={action.message} />
    </form>
  );
}
