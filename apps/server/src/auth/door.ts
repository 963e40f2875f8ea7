import { randomUUID } from 'node:crypto';
import type { Sql } from 'postgres';
import { BooError } from '@boocode/contracts/error-code.ts';
import type { Handlers } from '../http/register-route.ts';
import { AttemptLimit } from './attempt-limit.ts';
import { findDevice, insertDevice, touchDevice, type NewDevice } from './device-store.ts';
import { OneTimeSecrets } from './one-time-secrets.ts';
import type { TokenChecker } from './require-token.ts';
import { hashSecret, isSameSecret, makeSecret } from './secret.ts';

const CODE = { lifetimeMs: 10 * 60_000, limit: 32 };
const TICKET = { lifetimeMs: 30_000, limit: 1_000 };
const FAILED_EXCHANGES = { limit: 10, windowMs: 60_000 };
const TOUCH_EVERY_MS = 5 * 60_000;
const MAX_KNOWN_DEVICES = 1_000;

/** Where device tokens are kept. */
export interface Devices {
  insert(device: NewDevice): Promise<void>;
  find(tokenHash: string): Promise<string | null>;
  touch(id: string): Promise<void>;
}

export interface DoorOptions {
  /** The server's own token, from the token file. */
  readonly token: string;
  readonly devices: Devices;
  /** The server's address; asked when a link is made, because the port is known only then. */
  readonly url: () => string;
  /** The clock, in milliseconds. */
  readonly now: () => number;
}

export type AuthHandlers = Pick<Handlers, 'exchangeCode' | 'createCode' | 'createTicket'>;

/** Who may come in: the holder of the token file, and whoever exchanged a one-time code that this holder asked for. */
export interface Door {
  readonly tokens: TokenChecker;
  readonly handlers: AuthHandlers;
  /** A fresh link with a one-time code in its fragment. */
  makeLink(): string;
}

export function openDoor(options: DoorOptions): Door {
  const codes = new OneTimeSecrets({ ...CODE, now: options.now });
  const tickets = new OneTimeSecrets({ ...TICKET, now: options.now });
  const makeLink = (): { code: string; url: string } => {
    const code = codes.issue();
    return { code, url: `${options.url()}/#code=${code}` };
  };
  return {
    tokens: { isKnownToken: knownTokens(options), takeTicket: (ticket) => tickets.take(ticket) },
    handlers: { exchangeCode: exchange(options, codes), createCode: makeLink, createTicket: () => ({ ticket: tickets.issue() }) },
    makeLink: () => makeLink().url,
  };
}

export function devicesIn(sql: Sql): Devices {
  return { insert: (device) => insertDevice(sql, device), find: (tokenHash) => findDevice(sql, tokenHash), touch: (id) => touchDevice(sql, id) };
}

/** Devices once found are remembered, so that a request costs no query and a lost database locks nobody out. */
function knownTokens({ token: ownToken, devices, now }: DoorOptions): TokenChecker['isKnownToken'] {
  const known = new Map<string, { readonly id: string; readonly touchedAt: number }>();
  return async (token) => {
    if (isSameSecret(token, ownToken)) return true;
    const hash = hashSecret(token);
    const device = known.get(hash);
    if (device !== undefined && now() - device.touchedAt < TOUCH_EVERY_MS) return true;
    const id = device?.id ?? (await devices.find(hash));
    if (id === null) return false;
    if (known.size >= MAX_KNOWN_DEVICES) known.clear();
    known.set(hash, { id, touchedAt: now() });
    devices.touch(id).catch(() => {}); // only says when the device was last seen: not worth failing a request
    return true;
  };
}

function exchange({ devices, now }: DoorOptions, codes: OneTimeSecrets): AuthHandlers['exchangeCode'] {
  const failures = new AttemptLimit({ ...FAILED_EXCHANGES, now });
  return async ({ body, request }) => {
    const waitMs = failures.waitMs(request.ip);
    if (waitMs > 0) throw new BooError('too_many_attempts', `Cannot exchange the code: too many wrong codes; wait ${Math.ceil(waitMs / 1_000)} seconds`);
    if (!codes.take(body.code)) {
      failures.recordFailure(request.ip);
      throw new BooError('unauthorized', 'Cannot exchange the code: it is unknown, used, or older than 10 minutes; get a fresh link with `boocode open`');
    }
    const token = makeSecret();
    await devices.insert({ id: randomUUID(), tokenHash: hashSecret(token), name: (request.headers['user-agent'] ?? 'unnamed').slice(0, 200) });
    return { token };
  };
}
