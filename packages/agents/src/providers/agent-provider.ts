import type { Access } from '@boocode/contracts/access.ts';
import type { ProviderSnapshot } from '@boocode/contracts/provider.ts';
import type { StreamJsonDialect } from '../stream-json/dialect.ts';

/** How an agent that is not our own is reached. */
export type AgentTransport = Exclude<ProviderSnapshot['transport'], 'native'>;

/** A program's arguments for one way to reach it. */
export interface AgentForm {
  readonly transport: AgentTransport;
  readonly args: readonly string[];
}

/**
 * How an agent is told of an OpenAI-compatible server: by variables (and arguments) that name one model, or, opencode, by a configuration that holds all
 * servers. `none`: it cannot use one, or shall not.
 */
export type Endpoint = 'openai' | 'qwen' | 'goose' | 'opencode' | 'none';

/** A registry entry: all that is known of an agent before it runs. Data alone. */
export interface AgentProvider extends AgentForm {
  readonly id: string;
  readonly label: string;
  readonly isBuiltIn: boolean;
  /** A name to be found on the PATH, or an absolute path. */
  readonly command: string;
  /** Set above everything else. */
  readonly env: Readonly<Record<string, string>>;
  /** What it needs of the person's environment: names, or beginnings that end in `*`. */
  readonly passEnvironment: readonly string[];
  /** The same, where it uses no model server of ours: keys of models, above all. */
  readonly passWithoutServer: readonly string[];
  readonly endpoint: Endpoint;
  /** Its own models, by its own ids; it may announce more. */
  readonly models: readonly string[];
  readonly modes: readonly { readonly id: string; readonly label: string }[];
  /** Its mode for each access; what is not here is guessed from the names of its modes. */
  readonly modeByAccess: { readonly [A in Access]?: string | undefined };
  /** Set where the person has allowed everything. */
  readonly fullEnv: Readonly<Record<string, string>>;
  /** What makes it ignore what the repository brings: settings, plugins, hooks, servers. Null: it does not start there. */
  readonly untrusted: { readonly args: readonly string[]; readonly env: Readonly<Record<string, string>> } | null;
  /** Whose lines of JSON it takes and gives, where it is reached by them; null: a command that is run for each prompt. */
  readonly dialect: StreamJsonDialect | null;
  /** A further form, for when the first does not answer. */
  readonly fallback: AgentForm | null;
  /** Asks for its version; null: it is not asked. */
  readonly versionArgs: readonly string[] | null;
  /** Where the program is a script of Node: the least version that runs it. */
  readonly leastNode: number | null;
  /** As `package@version` of npm, and what to type. */
  readonly installHint: string | null;
  readonly signInHint: string | null;
  /** Where it keeps its own state, from `~` or a `$XDG_..._HOME`. */
  readonly stateFolders: readonly string[];
}
