import type { Access } from '@boocode/contracts/access.ts';
import { NATIVE_AGENT } from '@boocode/contracts/agent-info.ts';
import type { Project } from '@boocode/contracts/project.ts';
import type { Baseline } from '@boocode/contracts/task.ts';
import { useEffect, useReducer, useRef, useSyncExternalStore } from 'react';
import { useLocation } from 'wouter';
import { AccessChoice } from '../chat/AccessChoice.tsx';
import { AgentChoice } from '../chat/AgentChoice.tsx';
import { choiceOfAgent } from '../chat/agent-choices.ts';
import { ModeChoice } from '../chat/ModeChoice.tsx';
import { ModelChoice } from '../chat/ModelChoice.tsx';
import { PromptBox } from '../chat/PromptBox.tsx';
import { useDraft } from '../chat/use-draft.ts';
import { useLive, useUser } from '../live/live-context.tsx';
import { useAction } from '../live/use-action.ts';
import { type Choice, ChoiceMenu } from '../ui/ChoiceMenu.tsx';
import { ErrorLine } from '../ui/ErrorLine.tsx';

/** null = as the settings say. */
interface Choices {
  readonly agent: string;
  readonly mode: string | null;
  readonly model: string | null;
  readonly access: Access | null;
  readonly baseline: Baseline;
}

const BASELINES: readonly Choice<Baseline>[] = [
  { value: 'head', label: 'Last commit', detail: 'What you have not committed stays out' },
  { value: 'uncommitted', label: 'With my edits', detail: 'The last commit and what you have not committed' },
];

/** Describes a change and starts a session with it. `hasCommit`: there is more than one state to start from. */
export function NewSession({ project, canCode, hasCommit }: { project: Project; canCode: boolean; hasCommit: boolean }) {
  const { api, user, theme } = useLive();
  const [, navigate] = useLocation();
  const settings = useSyncExternalStore(theme.settings.subscribe, theme.settings.get);
  const [text, setText] = useDraft(`project.${project.id}`);
  const [choices, choose] = useReducer((now: Choices, next: Partial<Choices>): Choices => ({ ...now, ...next }), {
    agent: NATIVE_AGENT,
    mode: null,
    model: null,
    access: null,
    baseline: 'head',
  });
  const action = useAction();
  const input = useRef<HTMLTextAreaElement>(null);
  const { models, providers } = useUser();
  const { agent, mode } = choices;
  const model = choices.model ?? (agent === NATIVE_AGENT ? settings.model : null);
  const access = choices.access ?? settings.access;
  useEffect(() => {
    if (matchMedia('(pointer: fine)').matches) input.current?.focus({ preventScroll: true });
  }, []);

  const start = () =>
    void action.run(async () => {
      const task = await api.createTask({
        body: {
          projectId: project.id,
          input: text.trim(),
          agent,
          access,
          baseline: choices.baseline,
          ...(model === null ? {} : { model }),
          ...(mode === null ? {} : { mode }),
        },
      });
      setText('');
      user.addSession(await api.getSession({ params: { id: task.sessionId } }));
      navigate(`/sessions/${task.sessionId}`);
    });

  return (
    <section aria-label="New session" className="space-y-2">
      <PromptBox
        label="What should change?"
        placeholder={canCode ? 'What should change?' : 'Ask something about this folder'}
        sendLabel="Start"
        text={text}
        onChange={setText}
        onSend={start}
        canSend={text.trim() !== '' && !action.isBusy}
        rows={3}
        input={input}
      >
        <AgentChoice agent={agent} status={null} onChoose={(next) => choose(choiceOfAgent(next, model, models, providers))} side="bottom" />
        <ModelChoice model={model} agent={agent} onChoose={(next) => choose({ model: next })} side="bottom" />
        <ModeChoice agent={agent} mode={mode} onChoose={(next) => choose({ mode: next })} side="bottom" />
        <AccessChoice access={access} agent={agent} onChoose={(next) => choose({ access: next })} side="bottom" />
        {hasCommit ? (
          <ChoiceMenu name="Start from" value={choices.baseline} choices={BASELINES} onChoose={(next) => choose({ baseline: next })} side="bottom" />
        ) : null}
      </PromptBox>
      <ErrorLine message={action.message} />
    </section>
  );
}
