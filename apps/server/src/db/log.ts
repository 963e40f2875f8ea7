/** What the database writes to of a logger (pino's form). */
export interface Log {
  info(details: object, text: string): void;
  warn(details: object, text: string): void;
}
