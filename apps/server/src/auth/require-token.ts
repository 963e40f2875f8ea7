import type { FastifyRequest } from 'fastify';
import { BooError } from '@boocode/contracts/error-code.ts';

/** Who knows the tokens. */
export interface TokenChecker {
  /** Whether this is the server's own token or a device's. */
  isKnownToken(token: string): boolean | Promise<boolean>;
  /** Uses a socket ticket up; false if it is unknown, used or too old. */
  takeTicket(ticket: string): boolean;
}

/** Lets a request pass that shows a token (or, to open a socket, a ticket); otherwise throws 401 with the way to get in. */
export async function requireToken(request: FastifyRequest, tokens: TokenChecker): Promise<void> {
  const bearer = bearerOf(request.headers.authorization);
  if (bearer !== null) {
    if (await tokens.isKnownToken(bearer)) return;
    throw new BooError('unauthorized', 'Cannot let this request in: its token is not known here; get a fresh link with `boocode open`');
  }
  const ticket = request.ws ? ticketOf(request.query) : null;
  if (ticket === null)
    throw new BooError(
      'unauthorized',
      'Cannot let this request in: it carries no token; get a link with `boocode open`, or send "Authorization: Bearer TOKEN"',
    );
  if (!tokens.takeTicket(ticket))
    throw new BooError('unauthorized', 'Cannot open the socket: its ticket is used up or too old; ask for another with POST /api/ws-ticket');
}

function bearerOf(header: string | undefined): string | null {
  if (header === undefined) return null;
  return /^Bearer +([^\s]+) *$/i.exec(header)?.[1] ?? '';
}

function ticketOf(query: unknown): string | null {
  if (typeof query !== 'object' || query === null || !('ticket' in query)) return null;
  return typeof query.ticket === 'string' ? query.ticket : null;
}
