import { delimiter, isAbsolute, sep } from 'node:path';

const DEFAULT_PATH = '/usr/local/bin:/usr/bin:/bin';
const PREFIXES = ['LC_', 'XDG_'];
const PERSON = 'HOME USER LOGNAME SHELL LANG LANGUAGE TERM COLORTERM TZ TMPDIR';
const NETWORK = 'SSH_AUTH_SOCK HTTP_PROXY HTTPS_PROXY NO_PROXY ALL_PROXY http_proxy https_proxy no_proxy all_proxy';
const CERTIFICATES = 'SSL_CERT_FILE SSL_CERT_DIR NODE_EXTRA_CA_CERTS GIT_SSL_CAINFO CURL_CA_BUNDLE REQUESTS_CA_BUNDLE NIX_SSL_CERT_FILE';
const TOOLCHAINS = 'JAVA_HOME GOPATH GOROOT CARGO_HOME RUSTUP_HOME PYENV_ROOT NVM_DIR VOLTA_HOME PNPM_HOME BUN_INSTALL DENO_DIR ANDROID_HOME DOTNET_ROOT';
const ENVIRONMENTS = 'VIRTUAL_ENV CONDA_PREFIX NIX_PATH NIX_PROFILES';
const NAMES = new Set([PERSON, NETWORK, CERTIFICATES, TOOLCHAINS, ENVIRONMENTS].flatMap((names) => names.split(' ')));

/**
 * The environment of a child: what an allow-list takes from `parent`, then `extra` as it is. Secrets and settings of ours (BOOCODE_*, DATABASE_URL,
 * npm_*, keys of models) are on no list, and the PATH has no `node_modules/.bin`: those npm adds are ours, not the project's.
 */
export function childEnvironment(parent: NodeJS.ProcessEnv, extra: Record<string, string> = {}): Record<string, string> {
  const kept = Object.entries(parent).flatMap(([name, value]) => (value !== undefined && isAllowed(name) ? [[name, value] as const] : []));
  return { ...Object.fromEntries(kept), PATH: cleanPath(parent['PATH'] ?? ''), ...extra };
}

function isAllowed(name: string): boolean {
  return NAMES.has(name) || PREFIXES.some((prefix) => name.startsWith(prefix));
}

/** A relative entry would run what a repository brings. */
function cleanPath(path: string): string {
  const entries = path.split(delimiter).filter((entry) => isAbsolute(entry) && !isOurs(entry));
  return entries.length === 0 ? DEFAULT_PATH : entries.join(delimiter);
}

function isOurs(entry: string): boolean {
  const parts = entry.split(sep).filter((part) => part !== '');
  return parts.at(-1) === 'node-gyp-bin' || (parts.at(-1) === '.bin' && parts.at(-2) === 'node_modules');
}
