import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import type { Bench, Measure } from '../bench/bench.ts';
import type { Figure } from '../bench/figure.ts';
import { changes } from '../bench/measures/changes.ts';
import { checkpoints } from '../bench/measures/checkpoints.ts';
import { crowd } from '../bench/measures/crowd.ts';
import { history } from '../bench/measures/history.ts';
import { kill } from '../bench/measures/kill.ts';
import { page, STREAM_SECONDS } from '../bench/measures/page.ts';
import { agent } from '../bench/measures/agent.ts';
import { edits } from '../bench/measures/edits.ts';
import { prompt } from '../bench/measures/prompt.ts';
import { review } from '../bench/measures/review.ts';
import { start } from '../bench/measures/start.ts';
import { stream } from '../bench/measures/stream.ts';
import { worktrees } from '../bench/measures/worktrees.ts';
import { Program } from '../bench/program.ts';
import { tableOf } from '../bench/table.ts';
import { ROOT } from './setup.mjs';

const MEASURES: readonly Measure[] = [start, prompt, stream, crowd, history, agent, edits, changes, checkpoints, kill, page, review, worktrees];
const LIMIT_MS = 240_000 + STREAM_SECONDS * 1_000;
const KEPT_REQUESTS = '64';
const INHERITED = ['PATH', 'LANG', 'TZ', 'TMPDIR'];

interface Result extends Omit<Measure, 'run'> {
  readonly figures: readonly Figure[];
  readonly seconds: number;
  readonly error: string | null;
}

process.exitCode = await main(process.argv.slice(2));

async function main(names: readonly string[]): Promise<number> {
  const unknown = names.filter((name) => !MEASURES.some((measure) => measure.name === name));
  if (unknown.length > 0 || process.platform !== 'linux') return refuse(unknown);
  const wanted = MEASURES.filter((measure) => names.length === 0 || names.includes(measure.name));
  const folder = mkdtempSync(join(tmpdir(), 'boocode-bench-'));
  const startedAt = new Date();
  const signal = interruption();
  const results: Result[] = [];
  try {
    const env = environment(folder);
    const dist = join(ROOT, 'dist');
    await using model = await Program.start([join(dist, 'demo-model.js'), '--keep-requests', KEPT_REQUESTS], { cwd: folder, env, signal });
    const modelUrl = model.firstLine;
    const bench = { folder, dist, modelUrl, signal, env: { ...env, BOOCODE_MODEL_URL: modelUrl, BOOCODE_MODEL: 'default/demo' } };
    for (const measure of wanted) results.push(await runOne(measure, bench));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  say(`\nWritten to ${write(startedAt, results)}`);
  return results.every((result) => result.error === null) ? 0 : 1;
}

/** A measure that cannot be made is said; the others go on. */
async function runOne(measure: Measure, bench: Bench): Promise<Result> {
  const { name, title } = measure;
  const startedAt = performance.now();
  let [figures, error]: [readonly Figure[], string | null] = [[], null];
  try {
    bench.signal.throwIfAborted();
    figures = await measure.run(bench);
    say(tableOf(title, figures));
  } catch (cause) {
    error = cause instanceof Error ? cause.message : String(cause);
    say(`\n${title}\n  not measured: ${error}`);
  }
  return { name, title, figures, seconds: (performance.now() - startedAt) / 1_000, error };
}

/** Aborts on Ctrl-C and when the time is over: the programs under measurement end, and with them what waits for them. */
function interruption(): AbortSignal {
  const stop = new AbortController();
  const late = setTimeout(() => stop.abort(new Error(`stopped after ${LIMIT_MS / 1_000} s`)), LIMIT_MS);
  late.unref();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort(new Error(`stopped by ${signal}`)));
  return stop.signal;
}

/** A home of its own, so that nobody's settings of git or BooCode change the figures; code is cached as `npm start` caches it. */
function environment(folder: string): Readonly<Record<string, string>> {
  const inherited = INHERITED.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]]));
  return { ...Object.fromEntries(inherited), HOME: folder, NODE_COMPILE_CACHE: join(ROOT, '.cache', 'compiled') };
}

function write(startedAt: Date, results: readonly Result[]): string {
  const folder = join(ROOT, 'bench-results');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${startedAt.toISOString().replaceAll(/[:.]/g, '-')}.json`);
  const machine = { cpus: cpus().length, model: cpus()[0]?.model ?? '', memoryGb: Math.round(totalmem() / 2 ** 30), load: loadavg() };
  const program = { commit: commit(), node: process.versions.node, platform: `${process.platform}-${process.arch}` };
  writeFileSync(file, `${JSON.stringify({ startedAt, program, machine, measures: results }, null, 2)}\n`);
  return file;
}

/** null outside a git checkout. */
function commit(): string | null {
  if (!existsSync(join(ROOT, '.git'))) return null;
  return execFileSync('git', ['-C', ROOT, 'describe', '--always', '--dirty'], { encoding: 'utf8' }).trim();
}

function refuse(unknown: readonly string[]): number {
  if (unknown.length > 0) process.stderr.write(`There is no measure "${unknown[0]}"; there are: ${MEASURES.map((measure) => measure.name).join(', ')}\n`);
  else process.stderr.write('The benchmark reads /proc and runs on Linux only\n');
  return 2;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
