import { BooError } from '@boocode/contracts/error-code.ts';
import { type WorktreeItem, type WorktreeLog, WorktreeRiskReport } from '@boocode/contracts/worktree.ts';
import { Archive, ArchiveRestore, Ellipsis, Hammer, HardDrive, ScrollText, ShieldQuestion } from 'lucide-react';
import { useReducer } from 'react';
import { useLive } from '../live/live-context.tsx';
import { randomId } from '../live/random-id.ts';
import { useAction } from '../live/use-action.ts';
import { ErrorLine } from '../ui/ErrorLine.tsx';
import { Menu, MenuItem } from '../ui/Menu.tsx';
import { riskWords, stepWords } from './worktree-words.ts';
import { WorktreeFacts } from './WorktreeFacts.tsx';

interface Shown {
  readonly risk: WorktreeRiskReport | null;
  /** A removal was refused: it needs a second yes. */
  readonly isRefused: boolean;
  readonly log: WorktreeLog | null;
  readonly told: string | null;
}

const NOTHING: Shown = { risk: null, isRefused: false, log: null, told: null };

/** A worktree in its place, with what can be done with it. */
export function WorktreeCard({ item, onChange }: { item: WorktreeItem; onChange: () => void }) {
  const { api, toasts } = useLive();
  const action = useAction();
  const [shown, show] = useReducer((_: Shown, next: Partial<Shown>): Shown => ({ ...NOTHING, ...next }), NOTHING);
  const params = { id: item.id };
  const title = item.sessionTitle ?? 'worktree';
  const aside = item.stashes.filter((stash) => stash.restoredAt === null);
  const act = (work: () => Promise<unknown>) => void action.run(work).then((isDone) => isDone && onChange());
  const remove = async () => {
    try {
      await api.deleteWorktree({ params, query: shown.isRefused ? { force: 'true' } : {} });
    } catch (error) {
      const report = error instanceof BooError && error.code === 'conflict' ? WorktreeRiskReport.safeParse(error.details).data : undefined;
      if (report === undefined || shown.isRefused) throw error;
      show({ risk: report, isRefused: true });
      return;
    }
    toasts.set({
      id: randomId(),
      text: `The worktree of “${title}” is in the trash.`,
      undo: async () => {
        await api.restoreWorktree({ params, body: {} });
        onChange();
      },
    });
  };
  const stash = async () => {
    const { files } = await api.stashWorktree({ params, body: {} });
    show({ told: `${files} ${files === 1 ? 'file was' : 'files were'} put aside.` });
  };
  const repair = async () => {
    const { repaired, notes } = await api.repairWorktree({ params, body: {} });
    show({ told: [repaired ?? 'Nothing had to be mended.', ...notes].join(' ') });
  };
  return (
    <div className="space-y-2">
      <div className="flex flex-wrap items-start gap-2">
        <WorktreeFacts item={item} />
        <div className="flex shrink-0 items-center gap-1.5">
          {item.problem === null ? null : (
            <button type="button" className="btn btn-small btn-line" disabled={action.isBusy} onClick={() => act(repair)}>
              <Hammer size={14} /> Repair<span className="sr-only"> {title}</span>
            </button>
          )}
          <button type="button" className="btn btn-small btn-line" disabled={action.isBusy || item.state !== 'ready'} onClick={() => act(remove)}>
            {shown.isRefused ? 'Remove it all the same' : 'Remove'}
            <span className="sr-only"> {title}</span>
          </button>
          <Menu
            label="Worktree"
            align="end"
            trigger={{ className: 'btn btn-small btn-icon', 'aria-label': `More for ${title}`, title: 'More', children: <Ellipsis size={15} /> }}
          >
            <MenuItem onSelect={() => void action.run(async () => show({ risk: await api.getWorktreeRisk({ params }) }))}>
              <ShieldQuestion size={15} className="mt-0.5" /> What would be lost
            </MenuItem>
            <MenuItem onSelect={() => act(stash)}>
              <Archive size={15} className="mt-0.5" /> Put uncommitted work aside
            </MenuItem>
            <MenuItem isDisabled={aside.length === 0} onSelect={() => act(() => api.unstashWorktree({ params, body: {} }))}>
              <ArchiveRestore size={15} className="mt-0.5" /> Bring it back{aside.length > 1 ? ` (${aside.length})` : ''}
            </MenuItem>
            <MenuItem onSelect={() => act(() => api.setUpWorktree({ params, body: {} }))}>
              <Hammer size={15} className="mt-0.5" /> Run set-up again
            </MenuItem>
            <MenuItem onSelect={() => void action.run(async () => show({ log: await api.getWorktreeLog({ params }) }))}>
              <ScrollText size={15} className="mt-0.5" /> Set-up and its log
            </MenuItem>
            <MenuItem onSelect={() => act(() => api.measureWorktree({ params, body: {} }))}>
              <HardDrive size={15} className="mt-0.5" /> Measure again
            </MenuItem>
          </Menu>
        </div>
      </div>
      {item.problem === null ? null : <p className="text-13 text-warn [overflow-wrap:anywhere]">Something is wrong with it: {item.problem}.</p>}
      {aside.length === 0 ? null : (
        <p className="text-12 text-fg-1">
          Put aside: {aside.map((each) => `${each.files} ${each.files === 1 ? 'file' : 'files'}${each.note === null ? '' : ` (${each.note})`}`).join(', ')}
        </p>
      )}
      {shown.told === null ? null : (
        <p role="status" className="text-13 text-fg-1 [overflow-wrap:anywhere]">
          {shown.told}
        </p>
      )}
      {shown.risk === null ? null : <RiskLines risk={shown.risk} isRefused={shown.isRefused} onClose={() => show({})} />}
      {shown.log === null ? null : <LogLines item={item} log={shown.log} onClose={() => show({})} />}
      <ErrorLine message={action.message} />
    </div>
  );
}

function RiskLines({ risk, isRefused, onClose }: { risk: WorktreeRiskReport; isRefused: boolean; onClose: () => void }) {
  const lines = riskWords(risk);
  return (
    <div role={isRefused ? 'alert' : 'status'} className={`rounded-m border bg-bg-2 px-3 py-2 text-13 ${isRefused ? 'border-warn' : 'border-line-2'}`}>
      <div className="flex items-start gap-2">
        <p className="flex-1 font-medium">{lines.length === 0 ? 'Nothing would be lost.' : 'It still holds:'}</p>
        <button type="button" className="btn btn-small" onClick={onClose}>
          {isRefused ? 'Keep it' : 'Close'}
        </button>
      </div>
      {lines.length === 0 ? null : (
        <ul className="list-disc pl-5">
          {lines.map((line) => (
            <li key={line} className="[overflow-wrap:anywhere]">
              {line}
            </li>
          ))}
        </ul>
      )}
      {risk.merged > 0 ? <p className="text-12 text-fg-2">{risk.merged} of its commits are merged elsewhere by squash or rebase.</p> : null}
      {risk.detached ? <p className="text-12 text-fg-2">Its HEAD is on no branch.</p> : null}
    </div>
  );
}

function LogLines({ item, log, onClose }: { item: WorktreeItem; log: WorktreeLog; onClose: () => void }) {
  const texts = [
    ['Set-up', log.setup],
    ['Teardown', log.teardown],
  ] as const;
  return (
    <div className="rounded-m border border-line-2 bg-bg-2 px-3 py-2 text-13">
      <div className="flex items-start gap-2">
        <ul className="min-w-0 flex-1 text-12 text-fg-1">
          {item.steps.length === 0 ? <li>Nothing was copied or run.</li> : null}
          {item.steps.map((step) => (
            <li key={step.what} className="[overflow-wrap:anywhere]">
              {stepWords(step)}
              {step.note === null ? '' : `. ${step.note}`}
            </li>
          ))}
        </ul>
        <button type="button" className="btn btn-small" onClick={onClose}>
          Close
        </button>
      </div>
      {texts.map(([name, text]) =>
        text === null ? null : (
          <pre
            key={name}
            // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrolling area must be reachable by key
            tabIndex={0}
            aria-label={`${name} log`}
            role="group"
            className="well mt-2 max-h-64 overflow-auto p-2 font-mono text-11 whitespace-pre-wrap"
          >
            {text}
          </pre>
        ),
      )}
    </div>
  );
}
