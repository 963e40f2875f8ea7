import type { AgentEvent } from '@boocode/contracts/agent-event.ts';

/** Replaces what PostgreSQL cannot store in text (NUL, halves of characters) by the replacement character. Returns the same event where there is none. */
export function cleanEvent<E extends AgentEvent>(event: E): E {
  const text = JSON.stringify(event);
  // Both appear escaped in JSON (well-formed stringify), so a look at the text is enough.
  if (!/\\u(?:0000|d[89a-f])/i.test(text)) return event;
  return cleanValue(event);
}

/** The same for any JSON value. */
export function cleanValue<T>(value: T): T;
export function cleanValue(value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed().replaceAll('\0', '\ufffd');
  if (Array.isArray(value)) return value.map((item: unknown) => cleanValue(item));
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [cleanValue(key), cleanValue(item)]));
  }
  return value;
}
