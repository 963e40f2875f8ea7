import type { ReapReport, WorktreeItem } from '@boocode/contracts/worktree.ts';
import { FolderGit2 } from 'lucide-react';
import { Link } from 'wouter';
import { fileSize } from '../files/file-words.ts';
import { useLive } from '../live/live-context.tsx';
import { useAction } from '../live/use-action.ts';
import { PageFrame } from '../shell/PageFrame.tsx';
import { EmptyState } from '../ui/EmptyState.tsx';
import { ErrorLine } from '../ui/ErrorLine.tsx';
import { RetryLine } from '../ui/RetryLine.tsx';
import { useNow } from '../ui/use-now.ts';
import { TrashedCard } from './TrashedCard.tsx';
import { useWorktrees } from './use-worktrees.ts';
import { WorktreeCard } from './WorktreeCard.tsx';
import { REAP_WORDS, timeLeft, totalBytes } from './worktree-words.ts';

const LEAD =
  'A session works in a worktree of its own. When the session is deleted, its worktree goes to the trash an hour later, unless work in it is nowhere else; from there it can be brought back for days.';

/** All worktrees: who works in them, what they take, what would be lost, and what happens to them by themselves. */
export function WorktreesPage() {
  const { items, plan, problem, reload } = useWorktrees();
  const inPlace = items?.filter(({ trash }) => trash === null) ?? [];
  const trashed = items?.filter(({ trash }) => trash !== null) ?? [];
  return (
    <PageFrame title="Worktrees" lead={LEAD}>
      <div className="mb-3 empty:mb-0">
        <RetryLine message={problem} onRetry={reload} />
      </div>
      {items === null ? (
        problem === null ? (
          <WorktreesSkeleton />
        ) : null
      ) : items.length === 0 ? (
        <EmptyState
          icon={FolderGit2}
          title="No worktrees yet"
          text="A session gets one with its first turn that may write. It is listed here until it is removed for good."
        >
          <Link href="/" className="btn btn-line">
            Go to your projects
          </Link>
        </EmptyState>
      ) : (
        <div className="space-y-7">
          <dl className="grid grid-cols-3 gap-2">
            <Fact name="In their place" value={String(inPlace.length)} />
            <Fact name="On the disk" value={fileSize(totalBytes(items))} />
            <Fact name="In the trash" value={fileSize(totalBytes(trashed))} />
          </dl>
          <Cards
            id="worktrees-in-place"
            title="In their place"
            items={inPlace}
            empty="No session has a worktree now."
            card={(item) => <WorktreeCard item={item} onChange={reload} />}
          />
          <Cards
            id="worktrees-trash"
            title="Trash"
            items={trashed}
            empty="The trash is empty."
            card={(item) => <TrashedCard item={item} onChange={reload} />}
          />
          <ReapSection plan={plan} items={items} onChange={reload} />
        </div>
      )}
    </PageFrame>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div className="rounded-l border border-line-2 px-3.5 py-2.5">
      <dt className="text-12 text-fg-2">{name}</dt>
      <dd className="text-18 font-semibold">{value}</dd>
    </div>
  );
}

interface CardsProps {
  readonly id: string;
  readonly title: string;
  readonly items: readonly WorktreeItem[];
  readonly empty: string;
  readonly card: (item: WorktreeItem) => React.ReactNode;
}

function Cards({ id, title, items, empty, card }: CardsProps) {
  return (
    <section aria-labelledby={id}>
      <h2 id={id} className="mb-2 text-15 font-semibold">
        {title}
      </h2>
      {items.length === 0 ? (
        <p className="text-13 text-fg-2">{empty}</p>
      ) : (
        <ul aria-labelledby={id} className="divide-y divide-line rounded-l border border-line-2">
          {items.map((item) => (
            <li key={item.id} className="px-3.5 py-3">
              {card(item)}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function ReapSection({ plan, items, onChange }: { plan: ReapReport | null; items: readonly WorktreeItem[]; onChange: () => void }) {
  const { api } = useLive();
  const action = useAction();
  const now = useNow(30_000);
  const acting = plan?.items.filter((item) => item.action !== 'keep').length ?? 0;
  const nameOf = (id: string | null) => items.find((item) => item.id === id)?.sessionTitle ?? null;
  return (
    <section aria-labelledby="worktrees-reaper">
      <div className="mb-2 flex flex-wrap items-center justify-between gap-2">
        <h2 id="worktrees-reaper" className="text-15 font-semibold">
          What happens by itself
        </h2>
        <button
          type="button"
          className="btn btn-small btn-line"
          disabled={action.isBusy || acting === 0}
          onClick={() => void action.run(() => api.reap({ body: {} })).then(onChange)}
        >
          {acting === 0 ? 'Nothing to tidy up' : `Do it now (${acting})`}
        </button>
      </div>
      <p className="mb-2 text-13 text-fg-1">Every hour BooCode looks at each worktree and does what is written here. Work that is nowhere else always stays.</p>
      <ErrorLine message={action.message} />
      {plan === null ? (
        <div role="status" aria-label="Looking at the worktrees" className="skeleton h-16" />
      ) : (
        <ul aria-labelledby="worktrees-reaper" className="divide-y divide-line rounded-l border border-line-2">
          {plan.items.map((item) => (
            <li key={`${item.kind} ${item.path}`} className="flex flex-wrap gap-x-3 gap-y-0.5 px-3.5 py-2 text-13">
              <span className={`w-36 shrink-0 font-medium ${item.action === 'keep' ? 'text-fg-1' : 'text-warn'}`}>{REAP_WORDS[item.action]}</span>
              <span className="min-w-0 flex-1 basis-64">
                <span className="block font-medium [overflow-wrap:anywhere]">{nameOf(item.worktreeId) ?? item.path}</span>
                <span className="block text-12 text-fg-2 [overflow-wrap:anywhere]">
                  {item.reason}
                  {item.after === null ? '' : `; ${timeLeft(item.after, now)}`}
                </span>
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function WorktreesSkeleton() {
  return (
    <div role="status" aria-label="Reading the worktrees" className="space-y-7">
      <div className="grid grid-cols-3 gap-2">
        {['a', 'b', 'c'].map((name) => (
          <div key={name} className="skeleton h-[66px]" />
        ))}
      </div>
      <div className="skeleton h-40" />
    </div>
  );
}
