import type { Queries } from './queries.ts';

/** A moment or a day as a point in time: a day begins in `timezone`, and as an end it is meant with all its hours. Null stays null. */
export function moment(sql: Queries, value: string | null, which: 'from' | 'to', timezone: string) {
  if (value === null || value.length > 10) return sql`${value}::timestamptz`;
  return sql`(${value}::timestamp + ${which === 'to' ? '1 day' : '0 days'}::interval) at time zone ${timezone}`;
}
