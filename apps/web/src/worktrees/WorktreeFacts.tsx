import type { WorktreeItem } from '@boocode/contracts/worktree.ts';
import { Link } from 'wouter';
import { fileSize } from '../files/file-words.ts';
import { timeAgo } from '../ui/time-ago.ts';
import { useNow } from '../ui/use-now.ts';
import { stateWords } from './worktree-words.ts';

/** What a worktree is: its session, its project and branch, what it does, what it takes. */
export function WorktreeFacts({ item, status }: { item: WorktreeItem; status?: string }) {
  const now = useNow(30_000);
  const title = item.sessionTitle ?? 'A worktree without a session';
  const facts = [
    status ?? stateWords(item),
    item.projectName,
    item.disk === null ? 'not measured yet' : `${fileSize(item.disk.bytes)} (${timeAgo(item.disk.measuredAt, now)})`,
    `used ${timeAgo(item.usedAt, now)}`,
  ];
  return (
    <div className="min-w-0 flex-1 basis-64">
      {item.sessionId === null ? (
        <p className="truncate text-14 font-medium">
          {title}
          {item.sessionTitle === null ? null : <span className="ml-2 text-12 font-normal text-fg-2">session deleted</span>}
        </p>
      ) : (
        <Link
          href={`/sessions/${item.sessionId}`}
          className="block truncate rounded-s text-14 font-medium text-fg-0 underline decoration-line-2 underline-offset-3 hover:decoration-current pointer-coarse:py-2"
        >
          {title}
        </Link>
      )}
      <p className="mt-0.5 flex flex-wrap gap-x-2 text-12 text-fg-2">
        {facts.map((fact, index) => (
          <span key={fact} className={index === 0 ? 'text-fg-1' : ''}>
            {index === 0 ? null : <span aria-hidden="true">· </span>}
            {fact}
          </span>
        ))}
      </p>
      <p className="mt-0.5 truncate font-mono text-11 text-fg-2" title={item.trash?.path ?? item.path}>
        {item.branch}
      </p>
    </div>
  );
}
