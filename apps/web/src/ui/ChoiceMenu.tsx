import { Check, ChevronDown } from 'lucide-react';
import type { ReactNode } from 'react';
import { Menu, MenuItem } from './Menu.tsx';

export interface Choice<T extends string> {
  readonly value: T;
  readonly label: string;
  readonly detail?: string | undefined;
  readonly mark?: ReactNode;
  readonly tag?: string | undefined;
  /** Shown with its detail, and not to be chosen. */
  readonly isDisabled?: boolean | undefined;
}

interface ChoiceMenuProps<T extends string> {
  /** What is chosen here, for instance "Model". */
  readonly name: string;
  readonly value: T;
  readonly choices: readonly Choice<T>[];
  readonly onChoose: (value: T) => void;
  /** What the button shows; the chosen label without it. */
  readonly children?: ReactNode;
  readonly className?: string;
  readonly side?: 'top' | 'bottom';
  /** False where the button is only an icon. */
  readonly hasArrow?: boolean;
  /** A warning below the choices. */
  readonly footnote?: string | null;
  /** A quiet sentence below the choices. */
  readonly note?: string | null;
}

/** A button that opens a list to choose one thing from. */
export function ChoiceMenu<T extends string>({
  name,
  value,
  choices,
  onChoose,
  children,
  className,
  side = 'top',
  hasArrow = true,
  footnote = null,
  note = null,
}: ChoiceMenuProps<T>) {
  const chosen = choices.find((choice) => choice.value === value);
  return (
    <Menu
      label={name}
      side={side}
      footer={
        note === null && footnote === null ? null : (
          <>
            {note === null ? null : <p className="mt-1 border-t border-line-2 px-2.5 pt-2 pb-1.5 text-12 text-fg-1">{note}</p>}
            {footnote === null ? null : <p className="mt-1 border-t border-line-2 px-2.5 pt-2 pb-1.5 text-12 text-warn">{footnote}</p>}
          </>
        )
      }
      trigger={{
        className: `btn btn-small min-w-0 !font-medium text-fg-1 ${className ?? ''}`,
        title: `${name}: ${chosen?.label ?? value}`,
        children: (
          <>
            <span className="sr-only">
              {name}: {hasArrow ? null : (chosen?.label ?? value)}
            </span>
            {children ?? (
              <>
                {chosen?.mark}
                <span className={`truncate ${chosen?.mark === undefined ? '' : '@max-[420px]/prompt:sr-only'}`}>{chosen?.label ?? value}</span>
              </>
            )}
            {hasArrow ? <ChevronDown size={13} className="shrink-0 text-fg-2 @max-[340px]/prompt:hidden" /> : null}
          </>
        ),
      }}
    >
      {choices.map((choice) => (
        <MenuItem key={choice.value} isChosen={choice.value === value} isDisabled={choice.isDisabled === true} onSelect={() => onChoose(choice.value)}>
          <span className="grid h-5 w-4 shrink-0 place-items-center">
            {choice.value === value ? <Check size={14} className="text-accent-text" /> : choice.mark}
          </span>
          <span className="min-w-0">
            <span className={`flex items-center gap-2 font-medium ${choice.isDisabled === true ? 'text-fg-2' : 'text-fg-0'}`}>
              <span className="truncate">{choice.label}</span>
              {choice.tag === undefined ? null : <span className="rounded-s border border-line-2 px-1 text-11 text-fg-1">{choice.tag}</span>}
            </span>
            {choice.detail === undefined || choice.detail === '' ? null : (
              <span className={`block text-12 [overflow-wrap:anywhere] ${choice.isDisabled === true ? 'text-fg-2' : 'text-fg-1'}`}>{choice.detail}</span>
            )}
          </span>
        </MenuItem>
      ))}
    </Menu>
  );
}
