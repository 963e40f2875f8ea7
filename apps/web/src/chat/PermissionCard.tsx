import type { Permission, PermissionOption } from '@boocode/contracts/permission.ts';
import { CircleQuestionMark, ShieldAlert } from 'lucide-react';
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { useLive } from '../live/live-context.tsx';
import { useAction } from '../live/use-action.ts';
import { CodeArea } from '../ui/CodeArea.tsx';
import { ErrorLine } from '../ui/ErrorLine.tsx';
import { duration } from '../ui/time-ago.ts';
import { useNow } from '../ui/use-now.ts';
import { permissionAnswers } from './permission-answers.ts';
import { QuestionForm } from './QuestionForm.tsx';

const DEAF_MS = 500;

/**
 * What an agent asks a person. Its keys work only while the card itself has the focus, and not in its first moments, so that typing can never approve anything.
 */
export function PermissionCard({ permission }: { permission: Permission }) {
  const { api } = useLive();
  const { isBusy, message, run } = useAction();
  const card = useRef<HTMLDivElement>(null);
  const appearedAt = useRef(0);
  const titleId = useId();
  useEffect(() => {
    appearedAt.current = performance.now();
  }, []);

  const isQuestion = permission.kind === 'question';
  const answers = permissionAnswers(permission);
  const answer = (option: PermissionOption | undefined, words = '') => {
    if (option === undefined || isBusy) return;
    const body = words.trim() === '' ? { optionId: option.id } : { optionId: option.id, note: words.trim() };
    void run(() => api.answerPermission({ params: { id: permission.id }, body }));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (isQuestion || event.target !== card.current || event.ctrlKey || event.metaKey || event.altKey) return;
    if (performance.now() - appearedAt.current < DEAF_MS) return;
    if (event.key === 'a') answer(answers.yes[0]?.option);
    else if (event.key === 'd') answer(answers.no[0]?.option);
    else return;
    event.preventDefault();
  };

  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- A and D work on the card itself; its buttons do the same
    <div
      ref={card}
      role="group"
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- the card takes the focus so that A and D have one place to work
      tabIndex={0}
      aria-labelledby={titleId}
      aria-keyshortcuts={isQuestion ? undefined : 'A D'}
      data-permission={permission.id}
      onKeyDown={onKeyDown}
      className="appear max-w-[680px] rounded-l border border-warn bg-bg-2 p-3.5"
    >
      <div className="flex flex-wrap items-baseline justify-between gap-x-3">
        <h2 id={titleId} className="min-w-0 text-15 font-semibold [overflow-wrap:anywhere]">
          {permission.title}
        </h2>
        <span className="shrink-0 text-12 text-fg-2">
          {permission.agent} · <Waiting since={permission.createdAt} />
        </span>
      </div>
      {isQuestion ? (
        <CodeArea
          label="What it asks"
          className="mt-1.5 max-h-72 max-w-[64ch] rounded-s [font-family:inherit] text-14 whitespace-pre-wrap [overflow-wrap:anywhere]"
        >
          {permission.subject}
        </CodeArea>
      ) : (
        <CodeArea label="What it asks for" className="well code mt-2.5 max-h-60 !overflow-auto px-3 py-2 whitespace-pre-wrap [overflow-wrap:anywhere]">
          {permission.kind === 'execute' ? <span className="text-fg-2 select-none">$ </span> : null}
          {permission.subject}
        </CodeArea>
      )}
      {permission.reason === null || isQuestion ? null : <p className="mt-2 text-13 text-fg-1">{permission.reason}</p>}
      {isQuestion ? <QuestionForm answers={answers} isBusy={isBusy} onAnswer={answer} /> : <LeaveForm answers={answers} isBusy={isBusy} onAnswer={answer} />}
      <div className="mt-2 empty:mt-0">
        <ErrorLine message={message} />
      </div>
    </div>
  );
}

interface LeaveFormProps {
  readonly answers: ReturnType<typeof permissionAnswers>;
  readonly isBusy: boolean;
  readonly onAnswer: (option: PermissionOption | undefined, words?: string) => void;
}

/** Leave is given or refused; what is refused may be told why. */
function LeaveForm({ answers: { yes, always, no }, isBusy, onAnswer }: LeaveFormProps) {
  const [note, setNote] = useState<string | null>(null);
  const [allow, ...otherYes] = yes;
  const [deny, ...otherNo] = no;
  if (note !== null)
    return (
      <form
        className="mt-3 flex flex-wrap gap-2"
        onSubmit={(event) => {
          event.preventDefault();
          onAnswer(deny?.option, note);
        }}
      >
        <input
          className="field min-w-0 flex-1 basis-56"
          aria-label="Why not, and what to do instead"
          placeholder="Why not, and what to do instead"
          maxLength={4_000}
          value={note}
          autoFocus
          onChange={(event) => setNote(event.target.value)}
          onKeyDown={(event) => event.key === 'Escape' && (event.stopPropagation(), setNote(null))}
        />
        <button type="submit" className="btn btn-line" disabled={isBusy}>
          Deny
        </button>
        <button type="button" className="btn" onClick={() => setNote(null)}>
          Back
        </button>
      </form>
    );
  return (
    <div className="mt-3 flex flex-wrap gap-2 @max-[520px]/chat:[&>*]:flex-1">
      <button
        type="button"
        className="btn btn-primary @max-[520px]/chat:!basis-full"
        disabled={isBusy || allow === undefined}
        onClick={() => onAnswer(allow?.option)}
      >
        Allow once <span className="kbd max-md:hidden @max-[520px]/chat:hidden">A</span>
      </button>
      {[...otherYes, ...always].map(({ option, label }) => (
        <button key={option.id} type="button" className="btn btn-line" disabled={isBusy} onClick={() => onAnswer(option)}>
          {label}
        </button>
      ))}
      <button type="button" className="btn" disabled={isBusy || deny === undefined} onClick={() => onAnswer(deny?.option)}>
        Deny <span className="kbd max-md:hidden @max-[520px]/chat:hidden">D</span>
      </button>
      {otherNo.map(({ option, label }) => (
        <button key={option.id} type="button" className="btn" disabled={isBusy} onClick={() => onAnswer(option)}>
          {label}
        </button>
      ))}
      <button type="button" className="btn text-fg-1" disabled={isBusy || deny === undefined} onClick={() => setNote('')}>
        Deny with a note
      </button>
    </div>
  );
}

/** The question's place on the fuse. */
export function AskKnot({ permission }: { permission: Permission }) {
  return permission.kind === 'question' ? <CircleQuestionMark size={14} /> : <ShieldAlert size={14} />;
}

function Waiting({ since }: { since: string }) {
  const now = useNow(1_000);
  return <>waiting {duration(Math.max(10_000, now - Date.parse(since))).replace(/^10s$/, 'a moment')}</>;
}
