import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { type Agent, AGENTS, agentProgram, agentsFolder, folderOf } from './agent-folders.ts';
import { runNpm } from './install.mjs';
import { say, withProgress } from './progress.mjs';
import { SetUpError } from './set-up-error.mjs';

const VERSION_TIMEOUT_MS = 60_000;
const TIMEOUT_MS = 300_000;

process.exitCode = await main(process.argv.slice(2));

/** Puts the real agents that tests drive aside, each in a folder of its own, outside the dependencies. What is there and works is left alone. */
async function main(names: readonly string[]): Promise<number> {
  const unknown = names.filter((name) => !AGENTS.some((agent) => agent.name === name));
  if (unknown.length > 0) {
    process.stderr.write(`Cannot install ${unknown.join(', ')}: there are ${AGENTS.map(({ name }) => name).join(', ')}\n`);
    return 2;
  }
  const failed: string[] = [];
  for (const agent of AGENTS) {
    if (names.length > 0 && !names.includes(agent.name)) continue;
    const failure = works(agent, folderOf(agent)) ? null : await installAgent(agent);
    if (failure === null) say(`${agent.name} ${agent.version}: in ${folderOf(agent)}`);
    else failed.push(`Cannot install ${agent.name} (${agent.package}@${agent.version}): ${failure}`);
  }
  for (const failure of failed) process.stderr.write(`${failure}\n`);
  return failed.length === 0 ? 0 : 1;
}

/** Null, or why not. It is made elsewhere and moved: who looks at the same time sees all of it or nothing. */
async function installAgent(agent: Agent): Promise<string | null> {
  mkdirSync(agentsFolder(), { recursive: true });
  const folder = mkdtempSync(join(agentsFolder(), `.${agent.name}-`));
  try {
    writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
    const args = ['install', '--save-exact', '--no-audit', '--no-fund', '--loglevel=error', '--fetch-retries=1', `${agent.package}@${agent.version}`];
    await withProgress(`Installing ${agent.package}@${agent.version}`, async () => {
      const { status, output } = await runNpm(folder, args, TIMEOUT_MS);
      if (status !== 0) throw new SetUpError(`npm ended with status ${status}: ${reasonIn(output)}`);
    });
    if (!works(agent, folder)) return `"${agent.command} --version" does not say ${agent.version}`;
    if (existsSync(folderOf(agent))) rmSync(folderOf(agent), { recursive: true, force: true });
    renameSync(folder, folderOf(agent));
    return null;
  } catch (error) {
    if (error instanceof SetUpError) return error.message;
    return works(agent, folderOf(agent)) ? null : String(error); // somebody else was faster
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function works(agent: Agent, folder: string): boolean {
  const program = agentProgram(agent, folder);
  if (!existsSync(program)) return false;
  const env = { ...process.env, PATH: [dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter) };
  const { stdout } = spawnSync(program, ['--version'], { env, encoding: 'utf8', timeout: VERSION_TIMEOUT_MS, stdio: ['ignore', 'pipe', 'ignore'] });
  return stdout.includes(agent.version);
}

function reasonIn(output: string): string {
  const lines = output.split('\n').flatMap((line) => /^npm error (?!code |errno |syscall |path |A complete log)(.+)/.exec(line)?.[1] ?? []);
  return lines[0] ?? 'it says nothing';
}
