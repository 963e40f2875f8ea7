import * as z from 'zod/mini';
import { ProviderConfig } from './config-file.ts';
import { Timestamp } from './time.ts';

/** A model that a server offers. `demo` marks the built-in demo model wherever it is shown. */
export const Model = z.object({
  /** What tasks name: `<server>/<model>` where several servers offer the same model, else the model's own id. */
  id: z.string(),
  server: z.string(),
  name: z.string(),
  contextSize: z.nullable(z.int()),
  demo: z.boolean(),
  isDefault: z.boolean(),
});
export type Model = z.infer<typeof Model>;

export const ModelServer = z.object({
  id: z.string(),
  url: z.string(),
  status: z.enum(['checking', 'ready', 'error']),
  message: z.nullable(z.string()),
  demo: z.boolean(),
  checkedAt: z.nullable(Timestamp),
});
export type ModelServer = z.infer<typeof ModelServer>;

/** A usual place of model servers on this machine, and what was found there. `absent`: nothing answers; `other`: something that is no model server. */
export const UsualPlace = z.object({
  /** A program that usually listens there. */
  name: z.string(),
  url: z.string(),
  status: z.enum(['checking', 'absent', 'other', 'ready']),
});
export type UsualPlace = z.infer<typeof UsualPlace>;

export const ModelList = z.object({
  items: z.array(Model),
  servers: z.array(ModelServer),
  /** Looked at only while no model server is set up; then all of them are here, otherwise none. */
  places: z._default(z.array(UsualPlace), []),
  nextCursor: z.null(),
});
export type ModelList = z.infer<typeof ModelList>;

/** A registry entry of an agent and what is known of it now; shown at once, refreshed behind. */
export const ProviderSnapshot = z.object({
  id: z.string(),
  label: z.string(),
  transport: z.enum(['native', 'acp', 'stream-json', 'pty', 'opencode', 'claude-sdk']),
  status: z.enum(['loading', 'ready', 'unavailable', 'error']),
  message: z.nullable(z.string()),
  version: z.nullable(z.string()),
  models: z.array(Model),
  modes: z.array(z.object({ id: z.string(), label: z.string() })),
  checkedAt: z.nullable(Timestamp),
  /** Where the program was found; null where it was not, and for our own agent. */
  command: z._default(z.nullable(z.string()), null),
  /** What to type to install it, and to sign in. */
  installHint: z._default(z.nullable(z.string()), null),
  signInHint: z._default(z.nullable(z.string()), null),
  isBuiltIn: z._default(z.boolean(), true),
  /** Whether it is offered the models of our model servers. */
  canUseModelServers: z._default(z.boolean(), true),
  /** Whether its processes are kept from BooCode's own files. */
  contained: z._default(z.boolean(), false),
  /** What was looked for and found, to be copied when something is wrong. Holds no secrets. */
  report: z._default(z.string(), ''),
});
export type ProviderSnapshot = z.infer<typeof ProviderSnapshot>;

/** An agent that can be added: data that was proven, by us, with exactly this version. */
export const CatalogueEntry = z.object({
  id: z.string(),
  label: z.string(),
  /** Of the npm registry. */
  package: z.string(),
  version: z.string(),
  testedOn: z.iso.date(),
  /** What was seen to work. */
  proven: z.string(),
  installHint: z.string(),
  /** It is a provider already, built in or configured. */
  isAdded: z.boolean(),
});
export type CatalogueEntry = z.infer<typeof CatalogueEntry>;

export const ProviderName = z.string().check(z.regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'must be lower-case letters, digits and dashes, at most 40'));

/** Adds a provider to config.json, or replaces what it says about one. */
export const AddProvider = z.union([z.strictObject({ fromCatalogue: ProviderName }), z.strictObject({ id: ProviderName, provider: ProviderConfig })]);
export type AddProvider = z.infer<typeof AddProvider>;
