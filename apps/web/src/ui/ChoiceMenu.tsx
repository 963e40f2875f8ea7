import { Check, ChevronDown } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { type ReactNode, useContext } from 'react';
import { MenuHolderContext } from './menu-holder.ts';

export interface Choice<T extends string> {
  readonly value: T;
  readonly label: string;
  readonly detail?: string | undefined;
  readonly mark?: ReactNode;
  readonly tag?: string | undefined;
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
  /** A sentence below the choices. */
  readonly footnote?: string | null;
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
}: ChoiceMenuProps<T>) {
  const holder = useContext(MenuHolderContext);
  const chosen = choices.find((choice) => choice.value === value);
  const choose = (next: string) => {
    const choice = choices.find((other) => other.value === next);
    if (choice !== undefined) onChoose(choice.value);
  };
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger className={`btn btn-small min-w-0 !font-medium text-fg-1 ${className ?? ''}`}>
        <span className="sr-only">
          {name}: {hasArrow ? null : (chosen?.label ?? value)}
        </span>
        {children ?? (
          <>
            {chosen?.mark}
            <span className={`truncate ${chosen?.mark === undefined ? '' : 'max-md:sr-only'}`}>{chosen?.label ?? value}</span>
          </>
        )}
        {hasArrow ? <ChevronDown size={13} className="shrink-0 text-fg-2" /> : null}
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal container={holder}>
        <DropdownMenu.Content className="menu" side={side} align="start" sideOffset={6} collisionPadding={8} aria-label={name}>
          <DropdownMenu.RadioGroup value={value} onValueChange={choose}>
            {choices.map((choice) => (
              <DropdownMenu.RadioItem key={choice.value} value={choice.value} className="menu-item">
                <span className="grid h-5 w-4 shrink-0 place-items-center">
                  {choice.value === value ? <Check size={14} className="text-accent-text" /> : choice.mark}
                </span>
                <span className="min-w-0">
                  <span className="flex items-center gap-2 font-medium text-fg-0">
                    <span className="truncate">{choice.label}</span>
                    {choice.tag === undefined ? null : <span className="rounded-s border border-line-2 px-1 text-11 text-fg-1">{choice.tag}</span>}
                  </span>
                  {choice.detail === undefined ? null : <span className="block text-12 text-fg-1">{choice.detail}</span>}
                </span>
              </DropdownMenu.RadioItem>
            ))}
          </DropdownMenu.RadioGroup>
          {footnote === null ? null : (
            <DropdownMenu.Label className="mt-1 border-t border-line-2 px-2.5 pt-2 pb-1.5 text-12 text-warn">{footnote}</DropdownMenu.Label>
          )}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
