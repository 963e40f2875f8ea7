import type * as z from 'zod/mini';

type Issue = z.core.$ZodIssue;

const STANDARD = 'Invalid input';
/** Whoever loads all of zod in this process, as libraries do, gives it sentences of its own: ours must not depend on that. */
const WITHOUT_SENTENCES = { error: () => STANDARD };

/** Checks a value so that its issues can be described here. */
export function checkValue<S extends z.ZodMiniType>(schema: S, value: unknown): z.core.util.SafeParseResult<z.output<S>> {
  return schema.safeParse(value, WITHOUT_SENTENCES);
}

/** One sentence about the first thing wrong with a value: which field of `where` ("the body"), and what it must be. Never repeats the value itself. */
export function describeFirstIssue(issues: readonly Issue[], value: unknown, where: string): string {
  const issue = issues[0];
  if (issue === undefined) return `${where} is not valid`;
  const deep = deepestIssue(issue);
  if (deep.code === 'unrecognized_keys')
    return `${where} has the unknown ${fieldWord(deep.keys.length)} ${deep.keys.map((key) => quoteKey([...deep.path, key])).join(', ')}`;
  const field = deep.path.length === 0 ? where : `${quoteKey(deep.path)} in ${where}`;
  const missing = valueAt(value, deep.path) === undefined;
  return missing ? `${field} is missing: it ${describeIssue(deep)}` : `${field} ${describeIssue(deep)}`;
}

/** What a value must be, as the end of a sentence: "must be a whole number". */
export function describeIssue(issue: Issue): string {
  if (issue.message !== STANDARD) return issue.message;
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${TYPE_WORDS[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      return `must be ${issue.values.length === 1 ? '' : 'one of '}${issue.values.map((value) => JSON.stringify(value)).join(', ')}`;
    case 'too_small':
      return `must ${sizeVerb(issue.origin)} ${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}${sizeUnit(issue.origin, issue.minimum)}`;
    case 'too_big':
      return `must ${sizeVerb(issue.origin)} ${issue.inclusive === false ? 'less than' : 'at most'} ${issue.maximum}${sizeUnit(issue.origin, issue.maximum)}`;
    case 'invalid_format':
      return `must be ${FORMAT_WORDS[issue.format] ?? (issue.pattern === undefined ? `a valid ${issue.format}` : `of the form ${issue.pattern}`)}`;
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}`;
    case 'unrecognized_keys':
      return `must not have ${issue.keys.map((key) => `"${key}"`).join(', ')}`;
    case 'invalid_union':
      return describeUnion(issue);
    case 'invalid_key':
      return `has a name that is not allowed: it ${describeNested(issue.issues)}`;
    case 'invalid_element':
      return `has an entry that is not allowed: it ${describeNested(issue.issues)}`;
    case 'custom':
      return 'is not valid';
  }
}

/** "modelServers.home.url", "args[2]" in quotes. */
export function quoteKey(path: readonly PropertyKey[]): string {
  const text = path.map((key, index) => (typeof key === 'number' ? `[${key}]` : `${index === 0 ? '' : '.'}${String(key)}`)).join('');
  return `"${text.slice(0, 200)}"`;
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'an object',
  record: 'an object',
  array: 'a list',
  null: 'null',
};

const FORMAT_WORDS: Readonly<Record<string, string>> = {
  uuid: 'an id (a UUID)',
  url: 'a URL',
  datetime: 'a moment in ISO 8601 form in UTC',
  template_literal: 'one of the known forms',
};

function describeUnion(issue: Extract<Issue, { code: 'invalid_union' }>): string {
  if ('options' in issue && Array.isArray(issue.options)) return `must be one of ${issue.options.map((option) => JSON.stringify(option)).join(', ')}`;
  const alternatives = issue.errors.map((issues) => describeNested(issues).replace(/^must be /, ''));
  return `must be ${alternatives.join(' or ')}`;
}

function describeNested(issues: readonly Issue[]): string {
  const issue = issues[0];
  return issue === undefined ? 'is not valid' : describeIssue(issue);
}

/** Of a union's alternatives, the one that failed deepest is the one that was meant. */
function deepestIssue(issue: Issue): Issue {
  if (issue.code !== 'invalid_union') return issue;
  const deepest = issue.errors.flatMap((issues) => issues.slice(0, 1)).toSorted((a, b) => b.path.length - a.path.length)[0];
  if (deepest === undefined || deepest.path.length === 0) return issue;
  return deepestIssue({ ...deepest, path: [...issue.path, ...deepest.path] });
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((at, key) => (typeof at === 'object' && at !== null && Object.hasOwn(at, key) ? Reflect.get(at, key) : undefined), value);
}

function fieldWord(count: number): string {
  return count === 1 ? 'field' : 'fields';
}

function sizeVerb(origin: string): string {
  return isCounted(origin) ? 'have' : 'be';
}

function sizeUnit(origin: string, count: number | bigint): string {
  if (!isCounted(origin)) return '';
  const unit = origin === 'string' ? 'character' : 'entr';
  if (origin === 'string') return Number(count) === 1 ? ` ${unit}` : ` ${unit}s`;
  return Number(count) === 1 ? ` ${unit}y` : ` ${unit}ies`;
}

function isCounted(origin: string): boolean {
  return origin === 'string' || origin === 'array' || origin === 'set' || origin === 'map' || origin === 'record';
}
