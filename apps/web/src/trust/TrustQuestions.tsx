import type { ProjectId } from '@boocode/contracts/ids.ts';
import type { TrustItem } from '@boocode/contracts/trust.ts';
import { ShieldCheck, ShieldQuestionMark } from 'lucide-react';
import { useEffect, useId, useRef } from 'react';
import { CodeArea } from '../ui/CodeArea.tsx';
import { ErrorLine } from '../ui/ErrorLine.tsx';
import { RetryLine } from '../ui/RetryLine.tsx';
import { type TrustLine, trustLines } from './trust-lines.ts';
import { type Trust, useLater, useTrust } from './use-trust.ts';

/** What a repository brings that would run programs, to be seen and approved in place. `isHistory`: also what was approved since is said. */
export function TrustQuestions({ projectId, isHistory }: { projectId: ProjectId; isHistory: boolean }) {
  const trust = useTrust(projectId);
  const { items, message, load } = trust;
  const wasOpen = useRef(new Set<string>());
  for (const item of items ?? []) if (!item.trusted) wasOpen.current.add(item.path);
  const shown = (items ?? []).filter((item) => !item.trusted || isHistory || wasOpen.current.has(item.path));
  return (
    <>
      {shown.map((item) =>
        item.trusted ? <Approved key={item.path} item={item} isNew={wasOpen.current.has(item.path)} /> : <Question key={item.hash} item={item} trust={trust} />,
      )}
      {items === null ? <RetryLine message={message} onRetry={load} /> : null}
    </>
  );
}

/** It takes the place of the question, and its focus. */
function Approved({ item, isNew }: { item: TrustItem; isNew: boolean }) {
  const line = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    if (isNew && document.activeElement === document.body) line.current?.focus();
  }, [isNew]);
  return (
    <p ref={line} tabIndex={-1} role="status" className="flex items-baseline gap-2 rounded-s text-13 text-fg-1">
      <ShieldCheck size={14} className="shrink-0 self-center text-ok" />
      <span className="min-w-0 [overflow-wrap:anywhere]">
        <span className="font-mono text-12">{item.path}</span> is approved as it is now; it takes effect with the next turn of a session.
      </span>
    </p>
  );
}

function Question({ item, trust }: { item: TrustItem; trust: Trust }) {
  const [isLater, setLater] = useLater(item.hash);
  const titleId = useId();
  if (isLater)
    return (
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-13 text-fg-1">
        <span className="min-w-0 [overflow-wrap:anywhere]">
          <span className="font-mono text-12">{item.path}</span> is not approved, so nothing of it runs.
        </span>
        <button type="button" className="btn btn-small btn-line" onClick={() => setLater(false)}>
          Look at it
        </button>
      </p>
    );
  const lines = trustLines(item.approvedContent, item.content);
  return (
    <section aria-labelledby={titleId} className="max-w-[680px] rounded-l border border-warn bg-bg-2 p-3.5">
      <h2 id={titleId} className="flex items-baseline gap-2 text-15 font-semibold">
        <ShieldQuestionMark size={15} className="shrink-0 self-center text-warn" />
        {item.approvedContent === null ? 'Approve what this repository brings?' : 'What this repository brings has changed. Approve it again?'}
      </h2>
      <p className="mt-1 text-13 text-fg-1">
        {item.script === null
          ? 'It runs no program, but it says what is copied into new worktrees.'
          : 'With your approval this runs on your machine, in each new worktree before an agent starts:'}
      </p>
      {item.script === null ? null : (
        <CodeArea label="What would run" className="well code mt-2 max-h-40 px-3 py-2 whitespace-pre-wrap [overflow-wrap:anywhere]">
          <span className="text-fg-2 select-none">$ </span>
          {item.script}
        </CodeArea>
      )}
      <p className="mt-3 flex flex-wrap items-baseline gap-x-3 text-12 text-fg-2">
        <span className="font-mono text-fg-1">{item.path}</span>
        <span>
          {item.approvedContent === null ? 'all of it' : 'against what you approved'} · SHA-256{' '}
          <span className="font-mono" title={item.hash}>
            {item.hash.slice(0, 12)}
          </span>
        </span>
      </p>
      <CodeArea label={`Text of ${item.path}`} className="well code mt-1.5 max-h-60 py-1.5">
        {lines.map((line, index) => (
          <Line key={index} line={line} isCompared={item.approvedContent !== null} />
        ))}
      </CodeArea>
      <div className="mt-3 flex flex-wrap gap-2 max-md:[&>*]:flex-1">
        <button type="button" className="btn btn-accent-line" disabled={trust.isBusy} onClick={() => trust.approve(item)}>
          Approve
        </button>
        <button type="button" className="btn btn-line" disabled={trust.isBusy} onClick={() => setLater(true)}>
          Not now
        </button>
      </div>
      <p className="mt-2 text-12 text-fg-2">It holds for exactly this text: a change asks again. Until then agents work without it.</p>
      <div className="mt-2 empty:mt-0">
        <ErrorLine message={trust.message}>
          <button type="button" className="btn btn-small btn-line" onClick={trust.load}>
            Look again
          </button>
        </ErrorLine>
      </div>
    </section>
  );
}

const MARKS = { same: ' ', added: '+', removed: '-' } as const;
const TONES = { same: '', added: 'bg-add-bg text-add-fg', removed: 'bg-del-bg text-del-fg' } as const;

function Line({ line: { kind, text }, isCompared }: { line: TrustLine; isCompared: boolean }) {
  return (
    <span className={`block w-max min-w-full px-3 ${TONES[kind]}`}>
      {isCompared ? <span aria-hidden="true">{MARKS[kind]} </span> : null}
      {isCompared && kind !== 'same' ? <span className="sr-only">{kind}: </span> : null}
      {text === '' ? ' ' : text}
    </span>
  );
}
