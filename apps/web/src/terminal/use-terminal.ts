import type { TerminalId } from '@boocode/contracts/ids.ts';
import { type RefObject, useEffect, useState, useSyncExternalStore } from 'react';
import { ExternalStore } from '../live/external-store.ts';
import { useLive } from '../live/live-context.tsx';
import type { TerminalKey } from './terminal-keys.ts';
import { TerminalLink, type TerminalState } from './terminal-link.ts';
import { TerminalView } from './terminal-view.ts';

const NOT_YET = new ExternalStore<TerminalState>({ phase: 'connecting', terminal: null, message: null });

interface Connected {
  readonly view: TerminalView;
  readonly link: TerminalLink;
}

/** Shows a terminal in the element for as long as the component lives. `onKey` must not change. */
export function useTerminal(
  id: TerminalId,
  host: RefObject<HTMLElement | null>,
  onKey: (key: TerminalKey) => void,
): { state: TerminalState; view: TerminalView | null } {
  const { api } = useLive();
  const [connected, setConnected] = useState<Connected | null>(null);
  useEffect(() => {
    const life = new AbortController();
    const open = async (terminalId: TerminalId): Promise<WebSocket> => {
      const { ticket } = await api.createTicket({ body: {} });
      return new WebSocket(`${location.origin.replace(/^http/, 'ws')}/api/terminals/${terminalId}?ticket=${encodeURIComponent(ticket)}`);
    };
    // The letters are measured when the terminal opens, so their font must be there.
    void document.fonts.load("13px 'JetBrains Mono Variable'").finally(() => {
      if (life.signal.aborted || host.current === null) return;
      const view: TerminalView = new TerminalView(
        host.current,
        { onInput: (bytes) => link.type(bytes), onRoom: (size) => link.resize(size), onKey },
        life.signal,
      );
      const link: TerminalLink = new TerminalLink(
        { id, open, onScreen: (terminal, data) => view.showScreen(terminal, data), onOutput: (bytes, onShown) => view.write(bytes, onShown) },
        life.signal,
      );
      let shown = link.state.get();
      link.state.subscribe(() => {
        const { phase, terminal } = link.state.get();
        view.setReadOnly(phase !== 'live' || terminal?.state !== 'running');
        if (terminal !== null && shown.terminal !== null && terminal !== shown.terminal && shown.phase === phase) view.follow(terminal);
        shown = link.state.get();
      });
      setConnected({ view, link });
    });
    return () => life.abort();
  }, [api, id, host, onKey]);
  const store = connected?.link.state ?? NOT_YET;
  return { state: useSyncExternalStore(store.subscribe, store.get), view: connected?.view ?? null };
}
