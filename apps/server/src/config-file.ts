import { findNodeAtLocation, getNodeValue, parseTree, printParseErrorCode, type Node, type ParseError } from 'jsonc-parser';
import type * as z from 'zod/mini';
import { ConfigFile } from '@boocode/contracts/config-file.ts';
import { checkValue, describeIssue, quoteKey } from './describe-issue.ts';
import { isHostName } from './http/host-policy.ts';

/** Something that is wrong with the set-up: shown, never fatal. */
export interface Problem {
  readonly code: string;
  readonly text: string;
}

export interface ParsedConfigFile {
  /** The good parts. */
  readonly value: ConfigFile;
  readonly problems: readonly Problem[];
  /** Values that came from the environment. They never go into a log. */
  readonly secrets: readonly string[];
  /** Why an entry of `providers` is none, by its id. */
  readonly rejected: Readonly<Record<string, string>>;
}

const ENVIRONMENT = /\{env:([A-Za-z_][A-Za-z0-9_]*)\}/g;

type Path = (string | number)[];
type Environment = Readonly<Record<string, string | undefined>>;

interface Reading {
  readonly text: string;
  readonly root: Node;
  /** How the file is named in sentences. */
  readonly name: string;
  readonly env: Environment;
  readonly problems: Problem[];
  readonly secrets: Set<string>;
  readonly rejected: Map<string, string>;
}

/**
 * Reads config.json: what is good is used, key by key; what is not is told with its line. An entry of `modelServers` or
 * `providers` counts as one part: half of it could start something else than was meant.
 */
export function parseConfigFile(source: string, name: string, env: Environment): ParsedConfigFile {
  const text = source.replace(/^\uFEFF/, '');
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true, allowEmptyContent: true });
  if (root === undefined && errors.length === 0) return { value: {}, problems: [], secrets: [], rejected: {} };
  const problems: Problem[] = errors.slice(0, 1).map((error) => syntaxProblem(text, name, error));
  if (root?.type !== 'object') {
    if (errors.length === 0) problems.push({ code: 'config_value', text: `${name} must hold an object ({ ... }); nothing in it is used` });
    return { value: {}, problems, secrets: [], rejected: {} };
  }
  const reading: Reading = { text, root, name, env, problems, secrets: new Set(), rejected: new Map() };
  const parts = wholeProperties(root, errors[0]?.offset ?? text.length).map(([key, node]): [string, unknown] => [key, readPart(reading, key, node)]);
  const value = ConfigFile.parse(Object.fromEntries(parts.filter(([, part]) => part !== undefined)));
  return { value, problems, secrets: [...reading.secrets], rejected: Object.fromEntries(reading.rejected) };
}

/** The properties that ended before the first error: what the parser guessed after it is not to be trusted. */
function wholeProperties(root: Node, end: number): [string, Node][] {
  return (root.children ?? []).flatMap(({ offset, length, children }): [string, Node][] => {
    const [key, value] = children ?? [];
    return key === undefined || value === undefined || offset + length > end ? [] : [[String(key.value), value]];
  });
}

function readPart(reading: Reading, key: string, node: Node): unknown {
  const schema = schemaOf(key);
  if (schema === null) return report(reading, 'config_unknown_key', [key], 'is not a known key; it has no effect');
  if (key === 'providers') return readProviders(reading, schema, key, getNodeValue(node));
  const value = resolveEnvironment(reading, getNodeValue(node), [key]);
  switch (key) {
    case 'modelServers':
      return checkEntries(reading, schema, key, value, (entry, path) => checkAddress(reading, entry, path));
    case 'limits':
      return checkEntries(reading, schema, key, value, () => true);
    case 'allowedHosts':
      return checkItems(reading, schema, key, value, (item, path) => checkHost(reading, item, path));
    default:
      return check(reading, schema, value, [key]);
  }
}

function schemaOf(key: string): z.ZodMiniType | null {
  const shape: Readonly<Record<string, z.ZodMiniType>> = ConfigFile.shape;
  return Object.hasOwn(shape, key) ? (shape[key] ?? null) : null;
}

/** An agent that lacks what it was to be given is left out: it would fail later, and nobody would know why. */
function readProviders(reading: Reading, schema: z.ZodMiniType, key: string, value: unknown): unknown {
  if (!isRecord(value)) return check(reading, schema, value, [key]);
  const good = Object.entries(value).filter(([id, entry]) => {
    const unset = [...new Set(variablesOf(entry))].filter((variable) => (reading.env[variable] ?? '') === '');
    const before = reading.problems.length;
    if (unset.length > 0) report(reading, 'config_env', [key, id], `${describeUnset(unset)}; it is left out`);
    const alone = { [id]: entry };
    if (unset.length === 0 && check(reading, schema, alone, [key]) !== undefined && Object.hasOwn(alone, id)) return true;
    reading.rejected.set(
      id,
      reading.problems
        .slice(before)
        .map(({ text }) => text)
        .join('; '),
    );
    return false;
  });
  return Object.fromEntries(good.map(([id, entry]) => [id, resolveEnvironment(reading, entry, [key, id])]));
}

function describeUnset(variables: readonly string[]): string {
  const isOne = variables.length === 1;
  return isOne
    ? `names the environment variable ${variables.join('')}, which is not set`
    : `names environment variables that are not set: ${variables.join(', ')}`;
}

function variablesOf(value: unknown): string[] {
  if (typeof value === 'string') return [...value.matchAll(ENVIRONMENT)].map(([, variable = '']) => variable);
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(variablesOf) : [];
}

/** Each entry alone, so that one bad entry does not take the others with it. */
function checkEntries(reading: Reading, schema: z.ZodMiniType, key: string, value: unknown, isGood: (entry: unknown, path: Path) => boolean): unknown {
  if (!isRecord(value)) return check(reading, schema, value, [key]);
  const good = Object.entries(value).filter(([id, entry]) => {
    const alone = { [id]: entry };
    return check(reading, schema, alone, [key]) !== undefined && Object.hasOwn(alone, id) && isGood(entry, [key, id]);
  });
  return Object.fromEntries(good);
}

function checkItems(reading: Reading, schema: z.ZodMiniType, key: string, value: unknown, isGood: (item: unknown, path: Path) => boolean): unknown {
  if (!Array.isArray(value)) return check(reading, schema, value, [key]);
  return value.filter((item, index) => {
    const issues = checkValue(schema, [item]).error?.issues ?? [];
    for (const issue of issues) report(reading, 'config_value', [key, index], `${describeIssue(issue)}; it is left out`);
    return issues.length === 0 && isGood(item, [key, index]);
  });
}

/** The value without its unknown keys, or undefined when something else is wrong with it. */
function check(reading: Reading, schema: z.ZodMiniType, value: unknown, path: Path): unknown {
  const parsed = checkValue(schema, value);
  if (parsed.success) return value;
  const bad = parsed.error.issues.filter((issue) => issue.code !== 'unrecognized_keys');
  for (const issue of parsed.error.issues) {
    if (issue.code !== 'unrecognized_keys') continue;
    for (const key of issue.keys) {
      report(reading, 'config_unknown_key', [...path, ...keysOf(issue.path), key], 'is not a known key; it has no effect');
      removeAt(value, [...keysOf(issue.path), key]);
    }
  }
  for (const issue of bad) report(reading, 'config_value', [...path, ...keysOf(issue.path)], `${describeIssue(issue)}; ${leftOut(path, issue.path)}`);
  return bad.length === 0 ? value : undefined;
}

function leftOut(path: Path, inside: readonly PropertyKey[]): string {
  return inside.length > 1 ? `${quoteKey([...path, ...inside.slice(0, 1)])} is left out` : 'it is left out';
}

function checkAddress(reading: Reading, entry: unknown, path: Path): boolean {
  const url = isRecord(entry) && typeof entry['url'] === 'string' ? entry['url'] : '';
  if (/^https?:\/\//i.test(url)) return true;
  report(reading, 'config_value', [...path, 'url'], `must begin with http:// or https://; ${quoteKey(path)} is left out`);
  return false;
}

function checkHost(reading: Reading, item: unknown, path: Path): boolean {
  if (typeof item === 'string' && isHostName(item)) return true;
  report(reading, 'config_value', path, 'must be a host name with or without a port, for instance "box.lan:9500"; it is left out');
  return false;
}

/** Puts the environment's values in place of `{env:NAME}`, in every text of the value. */
function resolveEnvironment(reading: Reading, value: unknown, path: Path): unknown {
  if (typeof value === 'string') return value.replace(ENVIRONMENT, (_, variable: string) => lookUp(reading, variable, path));
  if (Array.isArray(value)) return value.map((item, index) => resolveEnvironment(reading, item, [...path, index]));
  if (isRecord(value)) return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolveEnvironment(reading, item, [...path, key])]));
  return value;
}

function lookUp(reading: Reading, variable: string, path: Path): string {
  const value = reading.env[variable];
  if (value === undefined || value === '') {
    report(reading, 'config_env', path, `names the environment variable ${variable}, which is not set; it counts as empty`);
    return '';
  }
  reading.secrets.add(value);
  return value;
}

/** Returns undefined: the value of a part that cannot be used. */
function report(reading: Reading, code: string, path: Path, text: string): undefined {
  reading.problems.push({ code, text: `${reading.name}, line ${lineOf(reading.text, offsetOf(reading.root, path))}: ${quoteKey(path)} ${text}` });
}

function syntaxProblem(text: string, name: string, { error, offset }: ParseError): Problem {
  const what = printParseErrorCode(error)
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase();
  return {
    code: 'config_syntax',
    text: `${name}, line ${lineOf(text, offset)}: it is not valid JSON here (${what}); what comes before is used, the rest has no effect`,
  };
}

/** Where the path stands in the file; its nearest parent where it does not. A property is found by its name. */
function offsetOf(root: Node, path: Path): number {
  for (let length = path.length; length > 0; length--) {
    const node = findNodeAtLocation(root, path.slice(0, length));
    if (node !== undefined) return node.parent?.type === 'property' ? node.parent.offset : node.offset;
  }
  return root.offset;
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

function keysOf(path: readonly PropertyKey[]): Path {
  return path.map((key) => (typeof key === 'number' ? key : String(key)));
}

function removeAt(value: unknown, path: Path): void {
  const parent = path.slice(0, -1).reduce<unknown>((at, key) => (typeof at === 'object' && at !== null ? Reflect.get(at, key) : undefined), value);
  const key = path.at(-1);
  if (typeof parent === 'object' && parent !== null && key !== undefined) Reflect.deleteProperty(parent, key);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
