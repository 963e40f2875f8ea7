import { databaseErrorCode } from './db-errors.ts';

/** Whether a statement failed because this unique index or constraint already holds such a row. */
export function isUniqueViolation(error: unknown, constraint: string): boolean {
  return databaseErrorCode(error) === '23505' && error instanceof Error && 'constraint_name' in error && error.constraint_name === constraint;
}
