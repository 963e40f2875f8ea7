import { BooError } from '@boocode/contracts/error-code.ts';
import * as z from 'zod/mini';
import { neutraliseLine } from '../terminal/neutralise.ts';
import { EXIT, ExitError, type ExitStatus } from './exit-error.ts';

/** The one line on stderr and the exit status for whatever a command threw. */
export function describeFailure(error: unknown): { readonly status: ExitStatus; readonly message: string } {
  if (error instanceof ExitError) return { status: error.status, message: neutraliseLine(error.message) };
  if (error instanceof BooError) return { status: statusOf(error), message: neutraliseLine(hintFor(error)) };
  if (error instanceof z.core.$ZodError) {
    return {
      status: EXIT.failed,
      message: 'Cannot read the answer of the server: it speaks another version of BooCode; stop it with `boocode stop` and start this one',
    };
  }
  if (isConnectionFailure(error))
    return { status: EXIT.unreachable, message: 'Cannot reach BooCode: the connection broke; see whether it runs with `boocode status`' };
  return {
    status: EXIT.failed,
    message: neutraliseLine(`This is a mistake in BooCode itself: ${describeBug(error)}; please report it with what you did`),
  };
}

/** The message, and the place where it came up. */
function describeBug(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const place = /^ {4}at (.*)$/m.exec(error.stack ?? '')?.[1];
  return place === undefined ? error.message : `${error.message} (at ${place})`;
}

function statusOf(error: BooError): ExitStatus {
  return error.code === 'invalid_request' ? EXIT.usage : EXIT.failed;
}

function hintFor(error: BooError): string {
  if (error.code !== 'unauthorized') return error.message;
  return 'Cannot talk to the server: it does not accept this token; set BOOCODE_TOKEN, or use the BOOCODE_HOME that the server uses';
}

/** How `fetch` says that nothing answered. */
function isConnectionFailure(error: unknown): boolean {
  return (error instanceof TypeError && error.message === 'fetch failed') || (error instanceof TypeError && error.cause instanceof Error);
}
