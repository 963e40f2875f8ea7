import type { Message } from '@boocode/contracts/message.ts';
import type { TaskId } from '@boocode/contracts/ids.ts';
import { useLive, useUser } from '../live/live-context.tsx';
import { useAction } from '../live/use-action.ts';
import { ErrorLine } from '../ui/ErrorLine.tsx';
import { duration, shortCount } from '../ui/time-ago.ts';
import { EndingIcon } from './AnswerRows.tsx';
import { DemoTag } from './DemoTag.tsx';
import { ExpiredQuestions } from './ExpiredQuestions.tsx';
import { TurnRow } from './TurnRow.tsx';

/** How a turn ended: who answered and what it took, or what went wrong and the ways on. */
export function EndingRow({ message, isNewest }: { message: Message; isNewest: boolean }) {
  const isBad = message.status === 'failed' || message.status === 'interrupted';
  const isPlain = message.status === 'completed';
  return (
    <TurnRow
      edge="last"
      knot={isPlain ? <span className="dot dot-done" /> : <EndingIcon status={message.status} />}
      knotClass={isBad ? 'knot-bad' : ''}
      knotTop={4}
      className="pt-1 pb-4"
    >
      {isBad ? <FailureCard message={message} /> : null}
      {message.status === 'cancelled' ? <p className="mb-1 text-13 text-fg-1">Stopped. What was done so far is kept.</p> : null}
      <Meta message={message} />
      {message.taskId === null ? null : <WaysOn message={message} taskId={message.taskId} isNewest={isNewest} />}
    </TurnRow>
  );
}

function FailureCard({ message }: { message: Message }) {
  const isInterrupted = message.status === 'interrupted';
  const text =
    message.failure?.message ??
    (isInterrupted ? 'BooCode stopped while this turn was running. Everything above is kept' : 'The agent stopped without saying why');
  return (
    <div role="group" aria-label={isInterrupted ? 'Interrupted' : 'Failed'} className="mb-2 max-w-[680px] rounded-l border border-bad bg-bg-2 p-3.5">
      <p className="flex flex-wrap items-baseline justify-between gap-x-3">
        <span className="text-15 font-semibold">{isInterrupted ? 'Interrupted' : 'This turn failed'}</span>
        {message.failure === null ? null : <code className="min-w-0 font-mono text-11 [overflow-wrap:anywhere] text-fg-2">{message.failure.code}</code>}
      </p>
      <p className="mt-1 text-13 text-fg-1 [overflow-wrap:anywhere]">{text}</p>
      {isInterrupted && message.taskId !== null ? <ExpiredQuestions taskId={message.taskId} /> : null}
    </div>
  );
}

function Meta({ message }: { message: Message }) {
  const { models } = useUser();
  const { agent, model } = message.metadata;
  const isDemo = models?.some((other) => other.id === model && other.demo) ?? false;
  const ms = message.endedAt === null ? null : Date.parse(message.endedAt) - Date.parse(message.createdAt);
  const { usage } = message;
  const facts = [
    usage?.inputTokens == null ? null : `${shortCount(usage.inputTokens)} in`,
    usage?.outputTokens == null ? null : `${shortCount(usage.outputTokens)} out`,
    usage?.cost == null ? null : `$${usage.cost.toFixed(2)}`,
    ms === null ? null : duration(ms),
  ].filter((fact) => fact !== null);
  return (
    <p className="flex min-h-6 flex-wrap items-center gap-x-2 gap-y-1 text-12 text-fg-2">
      <AgentChip agent={agent ?? 'agent'} model={model} />
      {isDemo ? <DemoTag /> : null}
      <span>{facts.join(' · ')}</span>
    </p>
  );
}

/** Who answered, shortened; all of it on hover and focus. */
function AgentChip({ agent, model }: { agent: string; model: string | null }) {
  const chip = 'rounded-full border border-line-2 px-2 py-px text-11 text-fg-1';
  if (model === null) return <span className={chip}>{agent}</span>;
  return (
    <button type="button" className={`group relative cursor-default ${chip}`} aria-label={`${agent} · ${shorten(model)}, model ${model}`}>
      {agent}
      <span className="font-mono"> · {shorten(model)}</span>
      <span
        aria-hidden="true"
        className="menu pointer-events-none absolute bottom-full left-0 mb-1 hidden w-max !max-w-[80cqw] !min-w-0 !px-2.5 !py-1.5 text-left text-12 [overflow-wrap:anywhere] group-hover:block group-focus-visible:block"
      >
        {agent} · <span className="font-mono">{model}</span>
      </span>
    </button>
  );
}

function shorten(model: string): string {
  const name = model.slice(model.lastIndexOf('/') + 1);
  return name.length > 26 ? `${name.slice(0, 25)}…` : name;
}

/** Continue, Retry, Discard: while nobody has settled a failure, and below the newest answer alone where nothing has to be settled. */
function WaysOn({ message, taskId, isNewest }: { message: Message; taskId: TaskId; isNewest: boolean }) {
  const { api } = useLive();
  const { failed } = useUser();
  const { isBusy, message: problem, run } = useAction();
  const isUnsettled = failed?.some((task) => task.id === taskId) ?? false;
  const hasLimit = message.status === 'completed' && message.parts.some((part) => part.type === 'limit_reached');
  const isStopped = isNewest && message.status === 'cancelled';
  const canContinue = isUnsettled || isStopped || (isNewest && hasLimit);
  const canRetry = isUnsettled || isStopped;
  if (!canContinue) return null;
  const params = { id: taskId };
  const continueFirst = message.status !== 'failed';
  return (
    <div className="mt-2 space-y-2">
      <div className="flex flex-wrap gap-2">
        <button
          type="button"
          className={`btn btn-small ${continueFirst ? 'btn-accent-line' : 'btn-line order-2'}`}
          disabled={isBusy}
          onClick={() => void run(() => api.continueTask({ params }))}
        >
          Continue
        </button>
        {canRetry ? (
          <button
            type="button"
            className={`btn btn-small ${continueFirst ? 'btn-line' : 'btn-accent-line order-1'}`}
            disabled={isBusy}
            onClick={() => void run(() => api.retryTask({ params }))}
          >
            Retry
          </button>
        ) : null}
        {isUnsettled ? (
          <button type="button" className="btn btn-small order-3 text-fg-1" disabled={isBusy} onClick={() => void run(() => api.discardTask({ params }))}>
            Discard
          </button>
        ) : null}
      </div>
      <ErrorLine message={problem} />
    </div>
  );
}
