import { BooError } from '@boocode/contracts/error-code.ts';
import { endProcesses } from '@boocode/processes/end-processes.ts';
import { CHILD_MARK } from '@boocode/processes/process-registry.ts';
import type { View } from '@boocode/processes/containment.ts';
import type { AgentHost, AgentLaunch } from '../agent-process.ts';

const GRACE_MS = 2_000;
/** Wide, so that few lines are broken; nobody looks at it. */
const SIZE = { cols: 200, rows: 50 };

/** A command on a terminal of its own, for one that wants a person there. */
export interface TerminalProcess {
  readonly pid: number;
  /** Resolves when it has ended and all its output was given. Never rejects. */
  readonly exited: Promise<{ readonly code: number | null }>;
}

/** Starts it. Aborting the signal ends it and everything it has started. Rejects with `agent_unavailable` where there are no terminals or no such program. */
export async function startTerminalProcess(
  host: AgentHost,
  launch: AgentLaunch,
  place: { readonly cwd: string; readonly view: View; readonly signal: AbortSignal; readonly onData: (chunk: Buffer) => void },
): Promise<TerminalProcess> {
  const { cwd, view, signal, onData } = place;
  signal.throwIfAborted();
  const spawn = await loadPty();
  const mark = host.registry?.newMark() ?? null;
  const env = { ...launch.env, TERM: 'xterm-256color', ...(mark === null ? {} : { [CHILD_MARK]: mark }) };
  const { command, args } = host.containment?.wrap(launch, cwd, { ...view, writable: launch.stateFolders }) ?? launch;
  const pty = spawn(command, [...args], { name: env.TERM, cwd, env, ...SIZE, encoding: null });
  host.registry?.add(pty.pid);
  pty.onData((data: unknown) => onData(data instanceof Uint8Array ? Buffer.from(data) : Buffer.from(String(data))));
  const left = { groups: [pty.pid], graceMs: GRACE_MS };
  const stopped = Promise.withResolvers<void>();
  const stop = (): void => {
    void endProcesses({ ...left, marks: mark === null ? [] : [`${CHILD_MARK}=${mark}`] }).then(stopped.resolve, stopped.reject);
  };
  if (signal.aborted) stop();
  else signal.addEventListener('abort', stop, { once: true });
  const exit = new Promise<{ exitCode: number; signal?: number | undefined }>((resolve) => void pty.onExit(resolve));
  const exited = exit.then(async ({ exitCode, signal: killer }) => {
    signal.removeEventListener('abort', stop);
    await (signal.aborted ? stopped.promise : endProcesses({ ...left, marks: [] }));
    host.registry?.remove(pty.pid);
    return { code: killer === undefined || killer === 0 ? exitCode : null };
  });
  return { pid: pty.pid, exited };
}

/** The native part is loaded when it is needed: on a system that it was not built for, everything else works. */
async function loadPty() {
  try {
    return (await import('@lydell/node-pty')).spawn;
  } catch (cause) {
    throw new BooError(
      'agent_unavailable',
      `Cannot start a terminal: there is none for this system (${process.platform} ${process.arch}); use another transport`,
      {
        cause,
      },
    );
  }
}
