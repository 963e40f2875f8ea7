import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Judged, judge, makeCase, type Tally, tallyBy } from '../packages/applier/test/corpus/corpus.ts';
import { History, Sources } from '../packages/applier/test/corpus/sources.ts';
import { percentile } from '../bench/statistics.ts';
import { ROOT } from './setup.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string', default: '1' },
    count: { type: 'string', default: '5000' },
    repo: { type: 'string', multiple: true },
    json: { type: 'string' },
    refused: { type: 'boolean', default: false },
  },
});

process.exitCode = positionals.join() === 'edits' ? runEdits() : refuse();

function refuse(): number {
  process.stderr.write('There is one corpus: npm run corpus -- edits [--seed N] [--count N] [--repo PATH ...] [--refused] [--json FILE]\n');
  return 2;
}

/** Drifts edits of real files, applies them, and says which came out right, were refused, or came out wrong. Wrong ones fail the run. */
function runEdits(): number {
  const own = values.repo === undefined;
  const folders = values.repo ?? [ROOT];
  const sources = Sources.of(own ? [ROOT, join(ROOT, 'node_modules')] : folders, (path) => !/package-lock\.json$|\.min\.|(^|\/)dist\//.test(path));
  const histories = folders.map((folder) => History.of(folder));
  const [first, count] = [Number(values.seed) * 1_000_000, Number(values.count)];
  const judged: Judged[] = [];
  for (let index = 0; index < count; index += 1) {
    const one = judge(makeCase(first + index, sources, histories));
    judged.push(one);
    if (one.verdict === 'wrong' || (values.refused && one.verdict === 'refused' && one.wanted !== null && !one.isOpen)) show(one);
  }
  report(judged);
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(judged)}\n`);
  return judged.some((one) => one.verdict === 'wrong') ? 1 : 0;
}

function report(judged: readonly Judged[]): void {
  const meant = judged.filter((one) => one.wanted !== null && !one.isOpen);
  const open = judged.filter((one) => one.isOpen);
  say('\ndrift');
  for (const [kind, tally] of sorted(tallyBy(judged, (one) => (one.isOpen ? 'open: ' : '') + one.kind.replace(/ \+ .*/, ' + another'))))
    say(lineOf(kind, tally));
  say('\nlanguage (only what is to be applied)');
  for (const [language, tally] of sorted(tallyBy(meant, (one) => one.language))) say(lineOf(language, tally));
  say('');
  say(lineOf(`to be applied: ${meant.length}`, tallyBy(meant, () => '').get('')));
  say(lineOf(`open, right and refused are both fine: ${open.length}`, tallyBy(open, () => '').get('')));
  say(
    lineOf(
      `to be refused: ${judged.length - meant.length - open.length}`,
      tallyBy(
        judged.filter((one) => one.wanted === null),
        () => '',
      ).get(''),
    ),
  );
  const times = judged.map((one) => one.ms);
  say(`applyEdit: p50 ${percentile(times, 0.5).toFixed(2)} ms, p95 ${percentile(times, 0.95).toFixed(2)} ms, most ${percentile(times, 1).toFixed(1)} ms`);
}

function sorted(tallies: ReadonlyMap<string, Tally>): readonly (readonly [string, Tally])[] {
  return [...tallies].toSorted(([a], [b]) => a.localeCompare(b));
}

function lineOf(name: string, tally: Tally = { right: 0, refused: 0, wrong: 0 }): string {
  const all = Math.max(1, tally.right + tally.refused + tally.wrong);
  const cell = (value: number): string => `${String(value).padStart(6)} ${((100 * value) / all).toFixed(1).padStart(5)} %`;
  return `  ${name.padEnd(52)} right ${cell(tally.right)}   refused ${cell(tally.refused)}   wrong ${cell(tally.wrong)}`;
}

function show(one: Judged): void {
  say(`\n=== ${one.verdict.toUpperCase()} seed ${one.seed}, ${one.kind}, ${one.language}: ${one.answer}`);
  say(`--- old text\n${one.oldText}\n--- new text\n${one.newText}`);
  say(`--- wanted\n${around(one.before, one.wanted)}\n--- got\n${around(one.before, one.result)}`);
}

/** The part of a text that differs from the file, with a few lines around. */
function around(before: string, text: string | null): string {
  if (text === null) return '(nothing)';
  const [a, b] = [before.split('\n'), text.split('\n')];
  let start = 0;
  while (start < a.length && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < Math.min(a.length, b.length) - start && a.at(-1 - end) === b.at(-1 - end)) end += 1;
  const lines = (rows: readonly string[], mark: string): string =>
    rows
      .slice(Math.max(0, start - 3), rows.length - end + 3)
      .map((row) => `${mark}${JSON.stringify(row).slice(1, -1).slice(0, 200)}`)
      .join('\n');
  return `${lines(a, '< ')}\n${lines(b, '> ')}`;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
