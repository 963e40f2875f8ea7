import type { HLJSApi, LanguageFn } from 'highlight.js';

/** Languages by the names people give them; each is fetched when it is first needed. */
const LANGUAGES: Record<string, () => Promise<{ default: LanguageFn }>> = {
  bash: () => import('highlight.js/lib/languages/bash'),
  c: () => import('highlight.js/lib/languages/c'),
  cpp: () => import('highlight.js/lib/languages/cpp'),
  csharp: () => import('highlight.js/lib/languages/csharp'),
  css: () => import('highlight.js/lib/languages/css'),
  diff: () => import('highlight.js/lib/languages/diff'),
  dockerfile: () => import('highlight.js/lib/languages/dockerfile'),
  go: () => import('highlight.js/lib/languages/go'),
  ini: () => import('highlight.js/lib/languages/ini'),
  java: () => import('highlight.js/lib/languages/java'),
  javascript: () => import('highlight.js/lib/languages/javascript'),
  json: () => import('highlight.js/lib/languages/json'),
  kotlin: () => import('highlight.js/lib/languages/kotlin'),
  markdown: () => import('highlight.js/lib/languages/markdown'),
  php: () => import('highlight.js/lib/languages/php'),
  python: () => import('highlight.js/lib/languages/python'),
  ruby: () => import('highlight.js/lib/languages/ruby'),
  rust: () => import('highlight.js/lib/languages/rust'),
  sql: () => import('highlight.js/lib/languages/sql'),
  swift: () => import('highlight.js/lib/languages/swift'),
  typescript: () => import('highlight.js/lib/languages/typescript'),
  xml: () => import('highlight.js/lib/languages/xml'),
  yaml: () => import('highlight.js/lib/languages/yaml'),
};

const ALIASES: Record<string, string> = {
  cc: 'cpp',
  h: 'c',
  hpp: 'cpp',
  cs: 'csharp',
  scss: 'css',
  less: 'css',
  patch: 'diff',
  toml: 'ini',
  conf: 'ini',
  env: 'ini',
  js: 'javascript',
  jsx: 'javascript',
  mjs: 'javascript',
  cjs: 'javascript',
  jsonc: 'json',
  kt: 'kotlin',
  md: 'markdown',
  py: 'python',
  rb: 'ruby',
  rs: 'rust',
  sh: 'bash',
  shell: 'bash',
  zsh: 'bash',
  console: 'bash',
  ts: 'typescript',
  tsx: 'typescript',
  mts: 'typescript',
  cts: 'typescript',
  html: 'xml',
  svg: 'xml',
  vue: 'xml',
  yml: 'yaml',
};

/** The language of a fence's name or of a file's path; null = shown plain. */
export function findLanguage(nameOrPath: string): string | null {
  const base = nameOrPath.slice(nameOrPath.lastIndexOf('/') + 1).toLowerCase();
  const name = base.startsWith('dockerfile') ? 'dockerfile' : base.slice(base.lastIndexOf('.') + 1);
  const language = ALIASES[name] ?? name;
  return language in LANGUAGES ? language : null;
}

/** Code as highlighted HTML, everything else escaped. */
export type Highlight = (code: string) => string;

const ready = new Map<string, Highlight>();
const loading = new Map<string, Promise<Highlight>>();

/** The highlighter of a language if it is already here. */
export function peekHighlight(language: string): Highlight | null {
  return ready.get(language) ?? null;
}

export function loadHighlight(language: string): Promise<Highlight> {
  const known = loading.get(language);
  if (known !== undefined) return known;
  const promise = load(language);
  loading.set(language, promise);
  return promise;
}

async function load(language: string): Promise<Highlight> {
  const source = LANGUAGES[language];
  if (source === undefined) throw new TypeError(`Cannot highlight "${language}": not a known language`);
  const [{ default: hljs }, { default: definition }] = await Promise.all([import('highlight.js/lib/core') as Promise<{ default: HLJSApi }>, source()]);
  hljs.registerLanguage(language, definition);
  const highlight: Highlight = (code) => hljs.highlight(code, { language, ignoreIllegals: true }).value;
  ready.set(language, highlight);
  return highlight;
}
