/** A failure of the set-up that the person can act on. Printed as one line, without a stack. */
export class SetUpError extends Error {
  /** @override */
  name = 'SetUpError';
}

/**
 * Runs `main` and exits with the status it returns (null: the program sets its own); a SetUpError becomes one line on stderr and status 1.
 * @param {() => Promise<number | null>} main
 */
export async function runAsProgram(main) {
  try {
    const status = await main();
    if (status !== null) process.exitCode = status;
  } catch (error) {
    if (!(error instanceof SetUpError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
