import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import * as z from 'zod/mini';
import { api, type Api, type Route, type RouteName } from '@boocode/contracts/api.ts';
import { BooError } from '@boocode/contracts/error-code.ts';
import { checkValue, describeFirstIssue } from '../describe-issue.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** False for a route that needs no token. Everything else under /api is closed without one. */
    token?: boolean;
  }
}

type Parsed<R, K extends string> = R extends { readonly [P in K]: infer S extends z.ZodMiniType } ? z.output<S> : undefined;

/** What a handler is given: the checked parts of the request. A part that the route does not have is undefined. */
export interface RouteInput<R extends Route> {
  readonly params: Parsed<R, 'params'>;
  readonly query: Parsed<R, 'query'>;
  readonly body: Parsed<R, 'body'>;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** Answers one route. What it returns is checked by the route's response schema, which also drops fields that are not in it. */
export type Handler<R extends Route> = (input: RouteInput<R>) => Promise<z.input<R['response']>> | z.input<R['response']>;

export type Handlers = { readonly [N in RouteName]: Handler<Api[N]> };

/** Serves `route` with `handler`; the contracts' schemas stand at both sides of it. */
export function registerRoute<R extends Route>(app: FastifyInstance, route: R, handler: Handler<R>): void {
  app.route({
    method: route.method,
    url: route.path,
    config: { token: route.token },
    async handler(request, reply) {
      const answer = await handler(parseRequest(route, request, reply));
      return reply.code(route.status).send(checkAnswer(route, answer));
    },
  });
}

/** Serves every route that `handlers` has a function for, by its name in the contracts. */
export function registerRoutes(app: FastifyInstance, handlers: Partial<Handlers>): void {
  for (const [name, route] of Object.entries(api)) {
    const handler = handlerOf(handlers, name);
    if (handler !== undefined) registerRoute<Route>(app, route, handler);
  }
}

/** Parses what came from outside; a bad value becomes a 400 that names the field. `where`: "the body". */
export function parseInput<S extends z.ZodMiniType>(schema: S, value: unknown, where: string): z.output<S> {
  const parsed = checkValue(schema, value);
  if (parsed.success) return parsed.data;
  throw new BooError('invalid_request', `Cannot accept this request: ${describeFirstIssue(parsed.error.issues, value, where)}`);
}

const NOTHING = z.optional(z.strictObject({}));

function parseRequest<R extends Route>(route: R, request: FastifyRequest, reply: FastifyReply): RouteInput<R> {
  const params = route.params === undefined ? undefined : parseInput(route.params, request.params, 'the path');
  const query = parseInput(route.query ?? NOTHING, request.query, 'the query');
  const body = parseInput(route.body ?? NOTHING, request.body, 'the body');
  return asRouteInput({ params, query, body, request, reply });
}

/** Each part was parsed by the schema that its type is inferred from. */
function asRouteInput<R extends Route>(input: Record<keyof RouteInput<R>, unknown>): RouteInput<R> {
  return input as RouteInput<R>;
}

/** The mapped type pairs each name with the handler of the same route; `Object.entries` forgets the pairing. */
function handlerOf(handlers: Partial<Handlers>, name: string): Handler<Route> | undefined {
  return handlers[name as RouteName];
}

function checkAnswer(route: Route, answer: unknown): unknown {
  const parsed = checkValue(route.response, answer);
  if (parsed.success) return parsed.data;
  throw new TypeError(`The answer of ${route.method} ${route.path} breaks its contract: ${describeFirstIssue(parsed.error.issues, answer, 'the answer')}`);
}
