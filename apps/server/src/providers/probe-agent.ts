import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { AgentProvider } from '@boocode/agents/providers/agent-provider.ts';
import type { ProviderSnapshot } from '@boocode/contracts/provider.ts';
import { BooError } from '@boocode/contracts/error-code.ts';
import { ChildProcess } from '@boocode/processes/child-process.ts';
import type { ProcessRegistry } from '@boocode/processes/process-registry.ts';
import { findCommand, isNodeScript, moduleFolders } from './find-command.ts';

const TAIL_LINES = 12;
const OUTPUT_CHARS = 4_000;

export interface ProbePlace {
  /** Where programs are looked for. */
  readonly folders: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly registry: ProcessRegistry | null;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** The program of an agent: what is started, and what must stand before its own arguments. */
export interface Program {
  readonly found: string;
  readonly command: string;
  readonly args: readonly string[];
}

/** What a look at an agent has found. `report` holds lines for a person who asks what is wrong. */
export interface AgentProbe {
  readonly status: Extract<ProviderSnapshot['status'], 'ready' | 'unavailable' | 'error'>;
  readonly message: string | null;
  readonly version: string | null;
  readonly command: string | null;
  readonly report: readonly string[];
}

/** Looks whether an agent is there and starts. Never rejects. */
export async function probeAgent(provider: AgentProvider, place: ProbePlace): Promise<AgentProbe> {
  const looked = [`transport: ${provider.transport}`, `command: ${provider.command}`, `searched: ${place.folders.join(', ')}`];
  if (provider.transport === 'claude-sdk') return probeClaudeSdk(provider, place);
  const program = await findProgram(provider, place);
  if (program === null) {
    return { status: 'unavailable', message: `"${provider.command}" is not installed`, version: null, command: null, report: [...looked, 'found: no'] };
  }
  const known = [...looked, `found: ${program.found}${program.command === program.found ? '' : ` (run by ${program.command})`}`];
  if (provider.versionArgs === null) return { status: 'ready', message: null, version: null, command: program.found, report: known };
  const asked = await ask(program, provider.versionArgs, place);
  const report = [...known, `asked: ${[program.found, ...provider.versionArgs].join(' ')}`, `answer: ${asked.how}, after ${asked.ms} ms`, ...asked.said];
  const version = /\d+\.\d+[\w.+-]*/.exec(asked.isGood ? asked.stdout : '')?.[0] ?? null;
  // A program of somebody else need not know --version: it only has to start.
  const isGood = asked.isGood || (!provider.isBuiltIn && asked.hasStarted);
  if (isGood) return { status: 'ready', message: null, version, command: program.found, report };
  const lastWords = asked.said.at(-1) === undefined ? '' : `, and said: ${asked.said.at(-1) ?? ''}`;
  return {
    status: 'error',
    message: `"${[provider.command, ...provider.versionArgs].join(' ')}" ${asked.how}${lastWords}; see that it runs in a terminal, then look again`,
    version: null,
    command: program.found,
    report,
  };
}

/** A package, not a program: it brings its own. */
async function probeClaudeSdk(provider: AgentProvider, place: ProbePlace): Promise<AgentProbe> {
  const searched = moduleFolders(place.folders);
  const found = await findClaudeSdk(searched);
  const report = [`transport: ${provider.transport}`, `searched: ${searched.join(', ')}`, `found: ${found?.file ?? 'no'}`];
  if (found === null) return { status: 'unavailable', message: "Claude's Agent SDK is not installed", version: null, command: null, report };
  return { status: 'ready', message: null, version: found.version, command: found.file, report };
}

async function findClaudeSdk(folders: readonly string[]): Promise<{ file: string; version: string | null } | null> {
  for (const folder of folders) {
    const file = join(folder, '@anthropic-ai', 'claude-agent-sdk', 'package.json');
    const text = await readFile(file, 'utf8').catch(() => null); // not in this one
    if (text !== null) return { file: dirname(file), version: /"version"\s*:\s*"([^"]+)"/.exec(text)?.[1] ?? null };
  }
  return null;
}

/** A script of Node is run by our own Node where the PATH has none, or one that is too old for it. Null: it is not installed. */
export async function findProgram(provider: AgentProvider, place: ProbePlace): Promise<Program | null> {
  const found = await findCommand(provider.command, place.folders);
  if (found === null) return null;
  const isOwnNodeNeeded = (await isNodeScript(found)) && !(await hasNode(provider.leastNode ?? 0, place));
  return isOwnNodeNeeded ? { found, command: process.execPath, args: [found] } : { found, command: found, args: [] };
}

export function notInstalled({ command, installHint }: AgentProvider): string {
  const next = installHint === null ? 'install it, or correct its "command" in config.json' : `install it with: ${installHint}`;
  return `"${command}" is not installed; ${next}`;
}

async function hasNode(least: number, place: ProbePlace): Promise<boolean> {
  const path = (place.environment['PATH'] ?? '').split(':');
  const node = await findCommand('node', path);
  if (node === null) return false;
  if (least === 0) return true;
  const { stdout } = await ask({ found: node, command: node, args: [] }, ['--version'], place);
  return Number(/^v(\d+)/.exec(stdout)?.[1] ?? 0) >= least;
}

interface Asked {
  readonly isGood: boolean;
  /** The program itself ran, whatever it made of its arguments. */
  readonly hasStarted: boolean;
  /** As the end of a sentence: "ended with status 1". */
  readonly how: string;
  readonly stdout: string;
  readonly said: readonly string[];
  readonly ms: number;
}

async function ask(program: Program, args: readonly string[], place: ProbePlace): Promise<Asked> {
  const startedAt = performance.now();
  const timeout = AbortSignal.timeout(place.timeoutMs);
  const answer = (fields: Omit<Asked, 'ms'>): Asked => ({ ...fields, ms: Math.round(performance.now() - startedAt) });
  try {
    await using child = await ChildProcess.start({
      command: program.command,
      args: [...program.args, ...args],
      cwd: tmpdir(), // nobody's project: some read settings where they are started
      env: { ...place.environment },
      registry: place.registry,
      signal: AbortSignal.any([timeout, place.signal]),
      stdin: 'ignore',
    });
    let stdout = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout = (stdout + chunk).slice(-OUTPUT_CHARS)));
    const { code, signal } = await child.exited;
    const said = [stdout, child.stderrTail].flatMap((text) => text.split('\n').filter((line) => line.trim() !== '')).slice(-TAIL_LINES);
    if (timeout.aborted) return answer({ isGood: false, hasStarted: true, how: `did not end within ${place.timeoutMs / 1_000} s`, stdout, said });
    const how = signal === null ? `ended with status ${code ?? 0}` : `was ended by ${signal}`;
    return answer({ isGood: code === 0, hasStarted: code !== null && code < 126, how, stdout, said });
  } catch (error) {
    const why = error instanceof BooError ? error.message : String(error);
    return answer({ isGood: false, hasStarted: false, how: 'could not be started', stdout: '', said: [why] });
  }
}
