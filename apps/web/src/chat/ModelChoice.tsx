import { Cpu } from 'lucide-react';
import { useUser } from '../live/live-context.tsx';
import { type Choice, ChoiceMenu } from '../ui/ChoiceMenu.tsx';
import { shortCount } from '../ui/time-ago.ts';
import { DemoTag } from './DemoTag.tsx';

const BY_DEFAULT = ' default';

/** Which model answers; null = the server's default. */
export function ModelChoice({ model, onChoose, side }: { model: string | null; onChoose: (model: string | null) => void; side?: 'top' | 'bottom' }) {
  const { models } = useUser();
  if (models === null || models.length === 0) return <span className="px-2 text-12 text-fg-2">{models === null ? 'Looking for models' : 'No model'}</span>;
  const byDefault = models.find((other) => other.isDefault) ?? models[0];
  const shown = models.find((other) => other.id === (model ?? byDefault?.id));
  const choices: Choice<string>[] = models.map((other) => ({
    value: other.id,
    label: other.name,
    detail: [other.server, other.contextSize === null ? null : `${shortCount(other.contextSize)} context`].filter((word) => word !== null).join(' · '),
    tag: other.demo ? 'demo' : undefined,
  }));
  const unknown: Choice<string>[] = model !== null && shown === undefined ? [{ value: model, label: model, detail: 'Not offered now' }] : [];
  return (
    <ChoiceMenu
      name="Model"
      value={model ?? byDefault?.id ?? BY_DEFAULT}
      choices={[...choices, ...unknown]}
      onChoose={onChoose}
      className="max-w-[270px] @max-[420px]/prompt:max-w-[170px] @max-[340px]/prompt:max-w-[124px]"
      {...(side === undefined ? {} : { side })}
    >
      <Cpu size={14} className="hidden shrink-0 @max-[280px]/prompt:block" />
      <span className="truncate font-mono @max-[280px]/prompt:sr-only">{shown?.name ?? model}</span>
      {shown?.demo === true ? (
        <span className="contents @max-[340px]/prompt:hidden">
          <DemoTag />
        </span>
      ) : null}
    </ChoiceMenu>
  );
}
