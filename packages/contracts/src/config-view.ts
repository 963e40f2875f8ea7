import * as z from 'zod/mini';
import { Limits, ModelServerConfig } from './config-file.ts';

/** A configured model server. Secrets never leave the server: `key` is null, `{env:NAME}` as written, or dots. */
export const ModelServerView = z.object({
  id: z.string(),
  url: z.string(),
  key: z.nullable(z.string()),
  /** The names of further headers; their values are not shown. */
  headers: z.array(z.string()),
  contextSize: z.nullable(z.int()),
  slots: z.nullable(z.int()),
  /** What the environment names stands above config.json and is changed there. */
  source: z.enum(['config', 'environment']),
});
export type ModelServerView = z.infer<typeof ModelServerView>;

/** What config.json and the environment say. `editable` is null, or why config.json cannot be changed from here. */
export const ConfigView = z.object({
  path: z.string(),
  editable: z.nullable(z.string()),
  modelServers: z.array(ModelServerView),
  defaultModel: z.nullable(z.string()),
  providers: z.array(z.string()),
  allowedHosts: z.array(z.string()),
  limits: Limits,
  problems: z.array(z.object({ code: z.string(), text: z.string() })),
});
export type ConfigView = z.infer<typeof ConfigView>;

export const ModelServerName = z.string().check(z.regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'must be lower-case letters, digits and dashes, at most 40'));

/** Adds or changes a model server: what is absent stays as it is, null takes it away. */
export const ModelServerPatch = z.strictObject({
  url: z.optional(z.url({ protocol: /^https?$/ }).check(z.maxLength(2_000))),
  key: z.optional(z.nullable(z.string().check(z.minLength(1), z.maxLength(4_000)))),
  headers: z.optional(z.nullable(z.record(z.string().check(z.regex(/^[A-Za-z0-9-]{1,100}$/)), z.string().check(z.maxLength(4_000))))),
  contextSize: z.optional(z.nullable(z.int().check(z.gte(512)))),
  slots: z.optional(z.nullable(z.int().check(z.gte(1), z.lte(256)))),
});
export type ModelServerPatch = z.infer<typeof ModelServerPatch>;

/** `server` null removes it. */
export const PatchModelServers = z.strictObject({ id: ModelServerName, server: z.nullable(ModelServerPatch) });
export type PatchModelServers = z.infer<typeof PatchModelServers>;

/** Without a body the server as it is configured; with one, as it would be. */
export const TestModelServer = z.optional(z.strictObject({ server: z.optional(z.omit(ModelServerConfig, { slots: true, contextSize: true })) }));

export const ModelServerTest = z.object({
  ok: z.boolean(),
  /** What is wrong and what to do about it. */
  message: z.nullable(z.string()),
  models: z.array(z.object({ id: z.string(), contextSize: z.nullable(z.int()) })),
  ms: z.int(),
});
export type ModelServerTest = z.infer<typeof ModelServerTest>;
