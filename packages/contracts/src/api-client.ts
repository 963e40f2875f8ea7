import type * as z from 'zod/mini';
import { api, type Api, type Route, type RouteName } from './api.ts';
import { BooError, ErrorBody } from './error-code.ts';

type Given<K extends string, T> = Record<string, never> extends T ? { readonly [P in K]?: T } : { readonly [P in K]: T };
/** What of a route must be given: a part that may be empty may be left out. */
type Input<R, K extends string> = R extends { readonly [P in K]: z.ZodMiniType } ? Given<K, z.input<R[K]>> : unknown;
type Args<R> = Input<R, 'params'> & Input<R, 'query'> & Input<R, 'body'> & { readonly signal?: AbortSignal };
type Answer<R> = R extends { readonly response: infer S extends z.ZodMiniType } ? z.output<S> : never;

/** A typed function for every route. Each resolves with the checked answer or rejects with a BooError. */
export type ApiClient = {
  readonly [N in RouteName]: (...args: Record<string, never> extends Args<Api[N]> ? [Args<Api[N]>?] : [Args<Api[N]>]) => Promise<Answer<Api[N]>>;
};

export interface ApiClientOptions {
  /** '' in the browser: the page's own origin. */
  readonly baseUrl: string;
  readonly token: () => string | null;
  readonly fetch?: typeof globalThis.fetch;
}

/** Makes the client. A server out of reach rejects with the error of `fetch` itself (a TypeError): callers tell it from an answer. */
export function createApiClient(options: ApiClientOptions): ApiClient {
  const entries = Object.entries(api).map(([name, route]) => [name, (args: CallArgs = {}) => call(options, route, args)]);
  return Object.fromEntries(entries) as ApiClient; // built from the same table the type is mapped over
}

interface CallArgs {
  readonly params?: Record<string, string>;
  readonly query?: Record<string, string | number | undefined>;
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

/** What a person decided arrives also when the page is closed in the same moment. A browser keeps 64 KiB at most, of all requests together. */
const MAX_KEPT_CHARS = 2_000;

async function call(options: ApiClientOptions, route: Route, args: CallArgs): Promise<unknown> {
  const token = options.token();
  const body = route.body === undefined ? null : JSON.stringify(args.body ?? {});
  const response = await (options.fetch ?? globalThis.fetch)(options.baseUrl + fillPath(route.path, args.params) + queryString(args.query), {
    method: route.method,
    headers: { ...(token === null ? {} : { authorization: `Bearer ${token}` }), ...(body === null ? {} : { 'content-type': 'application/json' }) },
    ...(body === null ? {} : { body, keepalive: body.length <= MAX_KEPT_CHARS }),
    ...(args.signal === undefined ? {} : { signal: args.signal }),
  });
  const text = await response.text();
  if (!response.ok) throw toBooError(response.status, text);
  return route.response.parse(JSON.parse(text));
}

function fillPath(path: string, params: Record<string, string> = {}): string {
  return path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
}

function queryString(query: Record<string, string | number | undefined> = {}): string {
  const pairs = Object.entries(query).flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)]]));
  return pairs.length === 0 ? '' : `?${new URLSearchParams(pairs).toString()}`;
}

function toBooError(status: number, text: string): BooError {
  try {
    const { error } = ErrorBody.parse(JSON.parse(text));
    return new BooError(error.code, error.message, { details: error.details });
  } catch {
    // not one of ours: a proxy's page, or another program on this port
    return new BooError('internal', `Cannot read the answer of the server: status ${status}, not in BooCode's form; check the address`);
  }
}
