import type { ApiClient } from '@boocode/contracts/api-client.ts';
import type { ChangesCheck, StartCheck } from '@boocode/contracts/change.ts';
import type { SessionId } from '@boocode/contracts/ids.ts';
import { setTimeout as wait } from 'node:timers/promises';
import type { Context } from '../command/context.ts';
import { neutralise, neutraliseLine } from '../terminal/neutralise.ts';
import { wrapText } from '../terminal/wrap-text.ts';

const LOOK_MS = 250;

/** Runs a check and shows what it prints; resolves with its id when it has passed, else with null. Ctrl-C ends it. */
export async function runCheck(context: Context, api: ApiClient, id: SessionId, body: StartCheck): Promise<string | null> {
  let check = await api.startCheck({ params: { id }, body });
  const params = { id: check.id };
  const stop = (): void => void api.cancelCheck({ params }).catch(() => {}); // it may have ended by itself
  const over = new AbortController();
  context.onInterrupt(stop, over.signal);
  let shown = '';
  context.err.line(neutraliseLine(`Checking: ${check.command}`));
  while (check.state === 'running') {
    await wait(LOOK_MS);
    check = await api.getCheck({ params });
    shown = show(context, shown, check);
  }
  over.abort();
  context.err.line(
    wrapText(
      neutraliseLine(check.state === 'passed' ? 'The check passed' : `The check has not passed, so nothing was applied: ${check.detail}`),
      context.err.width,
    ),
  );
  return check.state === 'passed' ? check.id : null;
}

/** Prints what is new of its output; the server keeps only the end. */
function show({ err }: Context, shown: string, { output }: ChangesCheck): string {
  if (output === shown) return shown;
  err.write(neutralise(output.startsWith(shown) ? output.slice(shown.length) : output));
  return output;
}
