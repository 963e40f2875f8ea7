/** What a runner found: a static check counts as one, a test as one. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
}

interface VitestFile {
  readonly status: string;
  readonly assertionResults: readonly { readonly status: string }[];
}

export function addTallies(tallies: readonly Tally[]): Tally {
  return tallies.reduce((sum, one) => ({ passed: sum.passed + one.passed, failed: sum.failed + one.failed }), { passed: 0, failed: 0 });
}

/** The last line of `npm test`. */
export function summaryLine(tally: Tally): string {
  return `${tally.passed} passed, ${tally.failed} failed`;
}

/** Nothing found is a failure too: a suite that silently runs nothing must not look green. */
export function exitStatus(tally: Tally): number {
  return tally.failed === 0 && tally.passed > 0 ? 0 : 1;
}

export function tallyOfCheck(status: number | null): Tally {
  return status === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/** Counts Vitest's JSON report; a file that fails before its tests, and an end that no test explains, count as one failure. */
export function tallyOfVitest(status: number | null, report: string | null): Tally {
  const parsed = parseReport<{ numPassedTests: number; numFailedTests: number; testResults: readonly VitestFile[] }>(report);
  if (parsed === null) return { passed: 0, failed: 1 };
  const brokenFiles = parsed.testResults.filter((file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'));
  return explain(status, { passed: parsed.numPassedTests, failed: parsed.numFailedTests + brokenFiles.length });
}

/** Counts Playwright's JSON report. A second try is given on CI alone; the runner names the tests that needed it. */
export function tallyOfPlaywright(status: number | null, report: string | null): Tally {
  const parsed = parseReport<{ stats: { expected: number; unexpected: number; flaky: number }; errors: readonly unknown[] }>(report);
  if (parsed === null) return { passed: 0, failed: 1 };
  const { expected, unexpected, flaky } = parsed.stats;
  return explain(status, { passed: expected + flaky, failed: unexpected + parsed.errors.length });
}

function explain(status: number | null, tally: Tally): Tally {
  const isExplained = tally.failed > 0 || (status === 0 && tally.passed > 0);
  return isExplained ? tally : { passed: tally.passed, failed: 1 };
}

function parseReport<Report>(text: string | null): Report | null {
  if (text === null) return null;
  try {
    return JSON.parse(text);
  } catch {
    return null; // a runner that died while it wrote its report
  }
}
