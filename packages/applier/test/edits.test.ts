import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { judge, makeCase } from './corpus/corpus.ts';
import { Sources } from './corpus/sources.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const CASES = 600;
const SEED = 77_000_000;

it(`applyEdit() is never wrong on ${CASES} drifted edits of files that the lockfile fixes; "npm run corpus -- edits" makes more`, () => {
  const folders = ['zod', 'diff', 'postgres', 'tailwindcss', 'fast-check'].map((name) => join(ROOT, 'node_modules', name));
  const sources = Sources.of(folders, (path) => !/\.min\./.test(path));
  const judged = Array.from({ length: CASES }, (_, index) => judge(makeCase(SEED + index, sources, [])));
  const wrong = judged.filter((one) => one.verdict === 'wrong').map(({ seed, kind, answer }) => ({ seed, kind, answer }));
  expect(wrong).toEqual([]);
  const meant = judged.filter((one) => one.wanted !== null && !one.isOpen);
  expect(meant.filter((one) => one.verdict === 'right').length / meant.length).toBeGreaterThan(0.8);
});
