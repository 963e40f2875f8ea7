import type { AgentCommand } from '@boocode/contracts/agent-info.ts';
import { useEffect, useRef } from 'react';

interface CommandMenuProps {
  readonly id: string;
  readonly commands: readonly AgentCommand[];
  readonly index: number;
  /** Said where nothing is listed. */
  readonly empty: string;
  readonly onChoose: (command: AgentCommand) => void;
}

/** The commands that `/` offers, above the composer. The focus stays in the text. */
export function CommandMenu({ id, commands, index, empty, onChoose }: CommandMenuProps) {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.children[index]?.scrollIntoView({ block: 'nearest' });
  }, [index]);
  return (
    <div className="menu absolute right-2 bottom-full left-2 mb-1 !max-h-72 !max-w-none">
      <div ref={list} id={id} role="listbox" aria-label="Commands">
        {commands.map((command, at) => (
          // oxlint-disable-next-line jsx-a11y/interactive-supports-focus -- the text field holds the focus and its keys
          <div
            key={command.name}
            id={`${id}-${at}`}
            role="option"
            aria-selected={at === index}
            className={`menu-item flex-wrap cursor-pointer !gap-x-3 !gap-y-0 pointer-fine:!py-1.5 hover:bg-bg-3 ${at === index ? 'palette-chosen' : ''}`}
            onMouseDown={(event) => {
              event.preventDefault();
              onChoose(command);
            }}
          >
            <span className="shrink-0 font-mono text-12 font-medium text-fg-0">
              /{command.name}
              {command.hint === null ? null : <span className="font-normal text-fg-1"> {command.hint}</span>}
            </span>
            <span className="line-clamp-2 min-w-40 flex-1 text-12 text-fg-1">{command.description}</span>
          </div>
        ))}
      </div>
      {commands.length > 0 ? null : (
        <p role="status" className="px-2.5 py-1.5 text-12 text-fg-1">
          {empty}
        </p>
      )}
    </div>
  );
}
