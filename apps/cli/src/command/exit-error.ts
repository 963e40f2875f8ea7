/** What the program's exit status says. */
export const EXIT = { completed: 0, failed: 1, usage: 2, unreachable: 3, cancelled: 130 } as const;
export type ExitStatus = (typeof EXIT)[keyof typeof EXIT];

/** A failure that ends the program: its message is the one line on stderr, and says what to do. */
export class ExitError extends Error {
  override readonly name = 'ExitError';
  readonly status: ExitStatus;

  constructor(status: ExitStatus, message: string, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }
}

export function usageError(message: string): ExitError {
  return new ExitError(EXIT.usage, message);
}
