import type { ReapReport } from '@boocode/contracts/worktree.ts';
import type { Context } from '../command/context.ts';
import { formatColumns } from '../terminal/columns.ts';
import { formatDuration, formatPlural } from '../terminal/quantity.ts';

const WORDS: Record<ReapReport['items'][number]['action'], string> = { keep: 'keep', trash: 'to the trash', purge: 'remove for good', remove: 'remove' };

/** What the reaper would do now with everything it finds, and why. It does nothing. */
export function printReapReport({ out, err }: Pick<Context, 'out' | 'err'>, report: ReapReport, now: number): void {
  if (report.items.length === 0) err.line('No worktrees.');
  else
    out.write(
      formatColumns(
        [{ title: 'WOULD' }, { title: 'WHAT' }, { title: 'WHY', flexible: true }],
        report.items.map((item) => [WORDS[item.action], item.worktreeId?.slice(0, 8) ?? item.path, reasonOf(item, now)]),
        out.width,
      ),
    );
  const acting = report.items.filter(({ action }) => action !== 'keep').length;
  err.line(
    `The reaper runs every hour; now it would act on ${formatPlural(acting, 'thing')}. A worktree waits ${formatDuration(report.graceMs)} after its session is deleted, and ${Math.round(report.trashMs / 86_400_000)} days in the trash.`,
  );
}

function reasonOf({ reason, after }: ReapReport['items'][number], now: number): string {
  return after === null ? reason : `${reason} (for ${formatDuration(Date.parse(after) - now)} more)`;
}
