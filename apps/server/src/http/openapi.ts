import type { FastifyInstance } from 'fastify';
import * as z from 'zod/mini';
import { api, publishedSchemas, type Route } from '@boocode/contracts/api.ts';
import { Change } from '@boocode/contracts/change.ts';
import { Chat, Session } from '@boocode/contracts/chat.ts';
import { ErrorBody } from '@boocode/contracts/error-code.ts';
import { ServerFrame } from '@boocode/contracts/frames.ts';
import { InboxItem } from '@boocode/contracts/inbox.ts';
import { Message } from '@boocode/contracts/message.ts';
import { Permission } from '@boocode/contracts/permission.ts';
import { Project } from '@boocode/contracts/project.ts';
import { Model, ModelServer } from '@boocode/contracts/provider.ts';
import { Task } from '@boocode/contracts/task.ts';
import { Part } from '@boocode/contracts/turn-state.ts';
import { Worktree } from '@boocode/contracts/worktree.ts';

/** Schemas that stand under their own name, so that clients made from the description share them. */
const NAMED = {
  ...publishedSchemas,
  Change,
  Chat,
  ErrorBody,
  InboxItem,
  Message,
  Model,
  ModelServer,
  Part,
  Permission,
  Project,
  ServerFrame,
  Session,
  Task,
  Worktree,
};

const DESCRIPTION = `BooCode's HTTP interface. Every request needs \`Authorization: Bearer TOKEN\` unless its operation says otherwise; there are no cookies.
Lists answer \`{"items":[],"nextCursor":null}\`; errors answer \`{"error":{"code","message"}}\`.
Live frames (the schema ServerFrame) come over the WebSocket \`/api/ws\`, opened with the same header or with \`?ticket=\` from POST /api/ws-ticket.`;

type JsonSchema = Record<string, unknown>;

export interface ApiDescription {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly security: readonly Record<string, readonly string[]>[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, JsonSchema>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, JsonSchema>>; readonly securitySchemes: Readonly<Record<string, JsonSchema>> };
}

/** Serves the OpenAPI 3.1 description; it is made with the first request for it. */
export function registerOpenApi(app: FastifyInstance, version: string): void {
  const cache: { description?: ApiDescription } = {};
  app.get('/api/openapi.json', () => (cache.description ??= describeApi(version)));
}

/** The whole HTTP interface, made from the contracts alone. */
export function describeApi(version: string): ApiDescription {
  const schemas = new Schemas();
  for (const schema of Object.values(NAMED)) schemas.describe(schema, 'output');
  const paths: Record<string, Record<string, JsonSchema>> = {};
  for (const [name, route] of Object.entries<Route>(api)) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: describeRoute(name, route, schemas) };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'BooCode', version, description: DESCRIPTION },
    security: [{ token: [] }],
    paths,
    components: {
      schemas: schemas.named,
      securitySchemes: { token: { type: 'http', scheme: 'bearer', description: 'The token file of the server, or a device token' } },
    },
  };
}

function describeRoute(name: string, route: Route, schemas: Schemas): JsonSchema {
  const parameters = [...describeParameters('path', route.params, schemas), ...describeParameters('query', route.query, schemas)];
  return {
    operationId: name,
    summary: route.summary,
    tags: [route.path.split('/')[2] ?? 'api'],
    ...(route.token ? {} : { security: [] }),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(route.body === undefined ? {} : { requestBody: describeBody(route.body, schemas) }),
    responses: {
      [String(route.status)]: { description: 'Done', content: json(schemas.describe(route.response, 'output')) },
      default: { description: 'Refused or failed: a code for programs and a sentence for people', content: json(schemas.describe(ErrorBody, 'output')) },
    },
  };
}

function describeBody(body: z.ZodMiniType, schemas: Schemas): JsonSchema {
  return { required: !body.safeParse(undefined).success, content: json(schemas.describe(body, 'input')) };
}

function describeParameters(place: 'path' | 'query', schema: z.ZodMiniType | undefined, schemas: Schemas): JsonSchema[] {
  if (schema === undefined) return [];
  const { properties, required } = schemas.describe(schema, 'input');
  const isRequired = (name: string): boolean => place === 'path' || (Array.isArray(required) && required.includes(name));
  return Object.entries(properties ?? {}).map(([name, value]) => ({ name, in: place, required: isRequired(name), schema: value }));
}

function json(schema: JsonSchema): JsonSchema {
  return { 'application/json': { schema } };
}

/** Turns zod schemas into JSON Schema and gathers the named ones. */
class Schemas {
  readonly named: Record<string, JsonSchema> = {};
  readonly #registry = z.registry<{ id: string }>();

  constructor() {
    for (const [id, schema] of Object.entries<z.ZodMiniType>(NAMED)) this.#registry.add(schema, { id });
  }

  describe(schema: z.ZodMiniType, io: 'input' | 'output'): JsonSchema {
    const { $schema: _dialect, $defs, ...described } = pointToComponents(z.toJSONSchema(schema, { io, metadata: this.#registry, unrepresentable: 'any' }));
    Object.assign(this.named, $defs);
    return described;
  }
}

/** zod puts named schemas beside the one that uses them; OpenAPI has one place for all. */
function pointToComponents(schema: object): JsonSchema {
  return JSON.parse(JSON.stringify(schema).replaceAll('"$ref":"#/$defs/', '"$ref":"#/components/schemas/'));
}
