import type { ImportList, PastSessionItem } from '@boocode/contracts/import.ts';
import type { Project } from '@boocode/contracts/project.ts';
import { History } from 'lucide-react';
import { useCallback, useEffect, useReducer, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { useConnection, useLive, useUser } from '../live/live-context.tsx';
import { sentenceOf } from '../live/use-action.ts';
import { PageFrame } from '../shell/PageFrame.tsx';
import { EmptyState } from '../ui/EmptyState.tsx';
import { ErrorLine } from '../ui/ErrorLine.tsx';
import { RetryLine } from '../ui/RetryLine.tsx';
import { timeAgo } from '../ui/time-ago.ts';
import { useNow } from '../ui/use-now.ts';

const LEAD = 'Conversations that claude, qwen, opencode and goose have kept of this folder. Their own files are only read.';

/** Past sessions of a project's folder, to be taken over as chats. */
export function ImportPage({ id }: { id: string }) {
  const { projects, isCurrent } = useUser();
  const project = projects.find((other) => other.id === id);
  return (
    <PageFrame title="Import past sessions" lead={LEAD} width="narrow">
      {project !== undefined ? (
        <ProjectImports key={project.id} project={project} />
      ) : isCurrent ? (
        <ErrorLine message="This project is not here. It may have been removed." />
      ) : (
        <ListSkeleton />
      )}
    </PageFrame>
  );
}

function ProjectImports({ project }: { project: Project }) {
  const { found, problem, reload } = useImports(project);
  const { start, busy, failure } = useImport(project);
  return (
    <>
      <p className="mb-3 text-12 text-fg-2">
        <Link href={`/projects/${project.id}`} className="underline underline-offset-2">
          {project.name}
        </Link>{' '}
        <span className="font-mono [overflow-wrap:anywhere]">{project.path}</span>
      </p>
      <div className="mb-3 space-y-2 empty:mb-0">
        <RetryLine message={problem} onRetry={reload} />
        <ErrorLine message={failure} />
      </div>
      {found === null ? (
        problem === null ? (
          <ListSkeleton />
        ) : null
      ) : found.items.length === 0 ? (
        <EmptyState
          icon={History}
          title="No past sessions here"
          text="What claude, qwen, opencode or goose did in this folder before, in a terminal or an editor, is shown here."
        >
          <Link href={`/projects/${project.id}`} className="btn btn-line">
            Go to the project
          </Link>
        </EmptyState>
      ) : (
        <ul aria-label="Past sessions" className="divide-y divide-line rounded-l border border-line-2">
          {found.items.map((item) => (
            <PastSessionRow key={`${item.agent}:${item.externalId}`} item={item} isBusy={busy !== null} isOwn={busy === item} onImport={() => start(item)} />
          ))}
        </ul>
      )}
      {found === null || found.problems.length === 0 ? null : (
        <section aria-labelledby="import-problems" className="mt-5">
          <h2 id="import-problems" className="text-13 font-semibold">
            Left out
          </h2>
          <ul className="mt-1 list-disc space-y-1 pl-5 text-12 text-fg-1">
            {found.problems.map(({ agent, message }) => (
              <li key={`${agent} ${message}`} className="[overflow-wrap:anywhere]">
                {agent}: {message}
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

function PastSessionRow({ item, isBusy, isOwn, onImport }: { item: PastSessionItem; isBusy: boolean; isOwn: boolean; onImport: () => void }) {
  const now = useNow(60_000);
  const prompts = item.messages === 1 ? '1 prompt' : `${item.messages} prompts`;
  const verb = item.alreadyImported === null ? 'Import' : 'Open';
  return (
    <li className="flex items-center gap-3 px-3.5 py-2.5">
      <div className="min-w-0 flex-1">
        <p className="truncate text-14 font-medium">{item.title}</p>
        <p className="text-12 text-fg-2">
          {item.agent} · {prompts} · <time dateTime={item.updatedAt}>{timeAgo(item.updatedAt, now)}</time>
          {item.canContinue ? null : ' · worked in a folder below: on going on, the agent is told what happened'}
        </p>
      </div>
      <button type="button" className="btn btn-small btn-line" aria-label={`${verb}: ${item.title}`} disabled={isBusy} onClick={onImport}>
        {isOwn ? 'Importing' : verb}
      </button>
    </li>
  );
}

function ListSkeleton() {
  return (
    <div role="status" aria-label="Looking for past sessions" className="space-y-3">
      <div className="skeleton h-14" />
      <div className="skeleton h-14" />
      <div className="skeleton h-14" />
    </div>
  );
}

interface ImportsRead {
  readonly found: ImportList | null;
  readonly problem: string | null;
}

function useImports(project: Project): ImportsRead & { readonly reload: () => void } {
  const { api } = useLive();
  const isOnline = useConnection() === 'online';
  const [state, set] = useReducer((_: ImportsRead, next: ImportsRead) => next, { found: null, problem: null });
  const load = useCallback(
    (signal?: AbortSignal) => {
      api.listImports({ params: { id: project.id }, ...(signal === undefined ? {} : { signal }) }).then(
        (found) => set({ found, problem: null }),
        (error: unknown) => signal?.aborted || set({ found: null, problem: sentenceOf(error) }),
      );
    },
    [api, project.id],
  );
  useEffect(() => {
    const reading = new AbortController();
    load(reading.signal);
    return () => reading.abort();
  }, [load, isOnline]);
  return { ...state, reload: () => load() };
}

interface Import {
  readonly busy: PastSessionItem | null;
  readonly failure: string | null;
}

/** Takes one over at a time, and goes to its chat. */
function useImport(project: Project): Import & { readonly start: (item: PastSessionItem) => void } {
  const { api } = useLive();
  const [, navigate] = useLocation();
  const [state, set] = useState<Import>({ busy: null, failure: null });
  const start = (item: PastSessionItem) => {
    set({ busy: item, failure: null });
    api.importSession({ params: { id: project.id }, body: { agent: item.agent, externalId: item.externalId } }).then(
      ({ sessionId, chatId }) => navigate(`/sessions/${sessionId}/${chatId}`),
      (error: unknown) => set({ busy: null, failure: sentenceOf(error) }),
    );
  };
  return { ...state, start };
}
