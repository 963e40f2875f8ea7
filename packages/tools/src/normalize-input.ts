/** Other names under which models know our arguments, without case, `_` and `-`. */
const ALIASES: Readonly<Record<string, string>> = {
  filepath: 'path',
  file: 'path',
  filename: 'path',
  absolutepath: 'path',
  directory: 'path',
  dir: 'path',
  oldstring: 'oldText',
  oldstr: 'oldText',
  newstring: 'newText',
  newstr: 'newText',
  cmd: 'command',
  query: 'pattern',
  regex: 'pattern',
  contents: 'content',
  filetext: 'content',
  todos: 'items',
  timeout: 'timeoutMs',
};

/** Brings a model's input nearer to the schema: known other names of arguments, and values printed as text where the schema wants another type. */
export function normalizeInput(raw: unknown, schema: Readonly<Record<string, unknown>>): unknown {
  const input = typeof raw === 'string' ? parseJson(raw) : raw;
  if (!isRecord(input)) return input ?? {};
  const properties = isRecord(schema['properties']) ? schema['properties'] : {};
  const result: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(input)) {
    if (value === null || value === undefined) continue;
    const name = nameOf(key, properties, input);
    result[name] = typeof value === 'string' ? valueOf(value, properties[name]) : value;
  }
  return result;
}

function nameOf(key: string, properties: Readonly<Record<string, unknown>>, input: Readonly<Record<string, unknown>>): string {
  if (key in properties) return key;
  const plain = key.toLowerCase().replace(/[_-]/g, '');
  const name = Object.keys(properties).find((known) => known.toLowerCase() === plain) ?? ALIASES[plain];
  return name !== undefined && name in properties && !(name in input) ? name : key;
}

function valueOf(value: string, schema: unknown): unknown {
  const type = isRecord(schema) ? schema['type'] : undefined;
  if (type === undefined || type === 'string') return value;
  const parsed = parseJson(value);
  return parsed === undefined ? value : parsed;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // not JSON: the schema will say what it wants
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
