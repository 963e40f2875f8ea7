import { TerminalId } from '@boocode/contracts/ids.ts';
import { TerminalPane } from '../terminal/TerminalPane.tsx';
import type { PaneProps } from './pane-props.ts';

/** A terminal where the session works. */
export function TerminalTab({ projectId, sessionId, params, isActive, onReplace }: PaneProps) {
  const terminalId = TerminalId.safeParse(params.ref).data ?? null;
  return <TerminalPane terminalId={terminalId} place={{ projectId, sessionId }} onOpen={onReplace} hasFocus={isActive} />;
}
