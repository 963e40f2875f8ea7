import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { judge, makeCase } from './corpus/corpus.ts';
import { judgeReapply, makeReapplyCase } from './corpus/reapply-case.ts';
import { Sources } from './corpus/sources.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const CASES = 600;
const REAPPLIED = 300;
const SEED = 77_000_000;

it(`applyEdit() is never wrong on ${CASES} drifted edits of files that the lockfile fixes; "npm run corpus -- edits" makes more`, () => {
  const files = sources();
  const judged = Array.from({ length: CASES }, (_, index) => judge(makeCase(SEED + index, files, [])));
  const wrong = judged.filter((one) => one.verdict === 'wrong').map(({ seed, kind, answer }) => ({ seed, kind, answer }));
  expect(wrong).toEqual([]);
  const meant = judged.filter((one) => one.wanted !== null && !one.isOpen);
  expect(meant.filter((one) => one.verdict === 'right').length / meant.length).toBeGreaterThan(0.93);
});

it(`reapplyDiff() is never wrong on ${REAPPLIED} changes of files that were changed since`, () => {
  const files = sources();
  const judged = Array.from({ length: REAPPLIED }, (_, index) => judgeReapply(makeReapplyCase(SEED + index, files)));
  const wrong = judged.filter((one) => one.verdict === 'wrong').map(({ seed, kind, answer }) => ({ seed, kind, answer }));
  expect(wrong).toEqual([]);
  const meant = judged.filter((one) => one.wanted !== null);
  expect(meant.filter((one) => one.verdict === 'right').length / meant.length).toBeGreaterThan(0.9);
});

function sources(): Sources {
  const folders = ['zod', 'diff', 'postgres', 'tailwindcss', 'fast-check'].map((name) => join(ROOT, 'node_modules', name));
  return Sources.of(folders, (path) => !/\.min\./.test(path));
}
