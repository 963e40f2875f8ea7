import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type Access, DEFAULT_ACCESS } from '@boocode/contracts/access.ts';
import { type ConfigFile, Limits, type ModelServerConfig, type ProviderConfig } from '@boocode/contracts/config-file.ts';
import { BooError } from '@boocode/contracts/error-code.ts';
import { parseConfigFile, type ParsedConfigFile, type Problem } from './config-file.ts';
import { isHostName, isLoopback } from './http/host-policy.ts';

const MAX_CONFIG_BYTES = 1024 * 1024;
const MIN_SECRET_LENGTH = 6;

export interface Config {
  readonly home: string;
  readonly host: string;
  /** 0 = any free one. */
  readonly port: number;
  readonly allowRemote: boolean;
  /** Print {url, token, pid} as the first line. */
  readonly json: boolean;
  /** Open the browser. */
  readonly open: boolean;
  /** Null = the embedded PostgreSQL. */
  readonly databaseUrl: string | null;
  readonly modelServers: Readonly<Record<string, ModelServerConfig>>;
  /** Those among them that the environment names. */
  readonly environmentServers: readonly string[];
  readonly defaultModel: string | null;
  readonly defaultAccess: Access;
  readonly limits: Limits;
  readonly allowedHosts: readonly string[];
  readonly providers: Readonly<Record<string, ProviderConfig>>;
  /** Why other entries of `providers` are none, by their id. */
  readonly rejectedProviders: Readonly<Record<string, string>>;
  /** What is wrong with config.json and the environment, a sentence each. */
  readonly problems: readonly Problem[];
  /** What must never be in a log. */
  readonly secrets: ReadonlySet<string>;
}

/**
 * Reads the environment, the options and config.json, once, in main.ts. Nothing else may read `process.env`.
 * A wrong option or variable throws `invalid_request`; a wrong config.json is told in `problems`.
 */
export function loadConfig(env: NodeJS.ProcessEnv, argv: readonly string[]): Config {
  const options = readOptions(argv);
  const home = resolve(set(env['BOOCODE_HOME']) ?? join(homedir(), '.boocode'));
  const host = readHost(options.host ?? set(env['BOOCODE_HOST']) ?? '127.0.0.1');
  const allowRemote = options['allow-remote'] ?? false;
  if (!isLoopback(host) && !allowRemote) throw remoteRefusal(host);
  const file = readConfigFile(join(home, 'config.json'), env);
  const own = ownModelServer(env);
  const modelServers = { ...withoutEmptyKeys(file.value.modelServers), ...own.servers };
  const databaseUrl = set(env['DATABASE_URL']);
  return {
    home,
    host,
    port: readPort(options.port === undefined ? ['BOOCODE_PORT', set(env['BOOCODE_PORT']) ?? '9500'] : ['--port', options.port]),
    allowRemote,
    json: options.json ?? false,
    open: !(options['no-open'] ?? false),
    databaseUrl,
    modelServers,
    environmentServers: Object.keys(own.servers),
    defaultModel: set(env['BOOCODE_MODEL']) ?? set(file.value.defaultModel),
    defaultAccess: file.value.defaultAccess ?? DEFAULT_ACCESS,
    limits: file.value.limits ?? Limits.parse({}),
    allowedHosts: file.value.allowedHosts ?? [],
    providers: file.value.providers ?? {},
    rejectedProviders: file.rejected,
    problems: [...file.problems, ...own.problems],
    secrets: collectSecrets([
      ...file.secrets,
      passwordOf(databaseUrl),
      ...Object.values(modelServers).flatMap(secretsOf),
      ...providerSecrets(file.value.providers),
    ]),
  };
}

function readOptions(argv: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        host: { type: 'string' },
        port: { type: 'string' },
        'no-open': { type: 'boolean' },
        json: { type: 'boolean' },
        'allow-remote': { type: 'boolean' },
      },
    });
    return values;
  } catch (cause) {
    const reason = cause instanceof Error ? (cause.message.split(/[.\n]/)[0] ?? '') : String(cause);
    throw new BooError('invalid_request', `Cannot start BooCode: ${reason}; it takes --host, --port, --no-open, --json and --allow-remote`, { cause });
  }
}

function readHost(text: string): string {
  const host = text.replace(/^\[(.*)\]$/, '$1');
  const isAddress = host.includes(':') ? /^[0-9a-f:.]+(%\w+)?$/i.test(host) : isHostName(host);
  if (!isAddress)
    throw new BooError('invalid_request', `Cannot listen on ${JSON.stringify(text)}: it is not a host name or an address; give for instance --host 127.0.0.1`);
  return host.toLowerCase();
}

function readPort([name, text]: readonly [string, string]): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65_535) return port;
  throw new BooError('invalid_request', `Cannot start BooCode: ${name} is ${JSON.stringify(text)}; give a number from 0 to 65535 (0 = any free port)`);
}

function remoteRefusal(host: string): BooError {
  const danger = 'other machines could reach BooCode there, and it runs commands for whoever holds a link';
  return new BooError(
    'forbidden',
    `Cannot listen on "${host}": ${danger}; add --allow-remote if you want this (SECURITY.md says what to mind), or keep 127.0.0.1 and use an SSH tunnel`,
  );
}

function readConfigFile(path: string, env: NodeJS.ProcessEnv): ParsedConfigFile {
  try {
    const bytes = readFileSync(path);
    if (bytes.length > MAX_CONFIG_BYTES) return unreadable(path, `it is larger than ${MAX_CONFIG_BYTES} bytes`);
    return parseConfigFile(bytes.toString('utf8'), path, env);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR') return { value: {}, problems: [], secrets: [], rejected: {} };
    if (code === undefined) throw error;
    return unreadable(path, code === 'EISDIR' ? 'it is a folder' : code === 'EACCES' ? 'this user may not read it' : `the system says ${JSON.stringify(code)}`);
  }
}

function unreadable(path: string, reason: string): ParsedConfigFile {
  return { value: {}, problems: [{ code: 'config_unreadable', text: `Cannot read ${path}: ${reason}; BooCode runs without it` }], secrets: [], rejected: {} };
}

/** The server that BOOCODE_MODEL_URL names is called `default`, and stands above one of that name in config.json. */
function ownModelServer(env: NodeJS.ProcessEnv): { servers: Record<string, ModelServerConfig>; problems: Problem[] } {
  const url = set(env['BOOCODE_MODEL_URL']);
  if (url === null) return { servers: {}, problems: [] };
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) {
    return { servers: {}, problems: [{ code: 'model_url', text: 'BOOCODE_MODEL_URL is not a URL that begins with http:// or https://; it has no effect' }] };
  }
  const key = set(env['BOOCODE_MODEL_KEY']);
  return { servers: { default: { url, ...(key === null ? {} : { key }) } }, problems: [] };
}

/** A key whose variable is not set is no key. */
function withoutEmptyKeys(servers: ConfigFile['modelServers'] = {}): Record<string, ModelServerConfig> {
  return Object.fromEntries(Object.entries(servers).map(([id, { key, ...server }]) => [id, key === undefined || key === '' ? server : { ...server, key }]));
}

function secretsOf({ url, key, headers }: ModelServerConfig): string[] {
  return [key ?? '', passwordOf(url), ...Object.values(headers ?? {})];
}

/** What stands in config.json itself; the environment's values are secrets anyway. */
export function providerSecrets(providers: Readonly<Record<string, ProviderConfig>> = {}): string[] {
  const variables = Object.values(providers).flatMap(({ env = {} }) => Object.entries(env));
  return variables.flatMap(([name, value]) => (/KEY|TOKEN|SECRET|PASSWORD|CREDENTIAL/i.test(name) && value.length >= MIN_SECRET_LENGTH ? [value] : []));
}

/** As it stands in the address: the log would show it so. */
function passwordOf(url: string | null): string {
  return url !== null && URL.canParse(url) ? new URL(url).password : '';
}

/** A short value would blot out half of every line. */
function collectSecrets(values: readonly string[]): ReadonlySet<string> {
  return new Set(values.filter((value) => value.length >= MIN_SECRET_LENGTH));
}

/** An empty variable counts as not set. */
function set(value: string | undefined): string | null {
  return value === undefined || value.trim() === '' ? null : value.trim();
}
