import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { readFileSync } from 'node:fs';
import * as module from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { canRunProgram, findPlatformNode } from './platform-node.mjs';
import { runAsProgram } from './set-up-error.mjs';
import { ROOT, setUp } from './setup.mjs';

const ECHO_MS = 100;
const PROGRAM = join(ROOT, 'dist', 'boocode.js');
/** A terminal sends Ctrl-C to the child as well: relaying it would make two of one. */
const RELAYED = /** @type {NodeJS.Signals[]} */ (process.stdin.isTTY ? ['SIGTERM', 'SIGHUP'] : ['SIGTERM', 'SIGHUP', 'SIGINT']);

await runAsProgram(async () => {
  const args = process.argv.slice(2);
  if (args.length === 1 && args[0] === '--version') {
    process.stdout.write(`${JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).version}\n`);
    return 0;
  }
  await setUp({ build: true });
  process.chdir(callersFolder());
  const programArgs = isForServe(args[0]) ? ['serve', ...args] : args;
  return canRunProgram(process.versions.node) ? await runHere(programArgs) : await runThere(programArgs);
});

/**
 * `npm start` and `npm start -- --port 9600` start the server; what begins with a command is the command line's.
 * @param {string | undefined} first
 */
function isForServe(first) {
  return first === undefined || (first.startsWith('-') && !['--help', '-h', '--version', '-v'].includes(first));
}

/** `npm start` runs in the checkout and leaves the folder it was called from in INIT_CWD. */
function callersFolder() {
  const { INIT_CWD, npm_lifecycle_event: script, npm_package_json: manifest } = process.env;
  return INIT_CWD !== undefined && script === 'start' && manifest === join(ROOT, 'package.json') ? INIT_CWD : process.cwd();
}

/**
 * The usual case: this process becomes the program, so that no second one takes memory and signals need no relay.
 * @param {string[]} args
 */
async function runHere(args) {
  process.argv = [process.execPath, PROGRAM, ...args];
  if (process.stdin.isTTY && process.env['npm_lifecycle_event'] === 'start') ignoreEchoedInterrupts();
  module.enableCompileCache(join(ROOT, '.cache', 'compiled'));
  await import(pathToFileURL(PROGRAM).href);
  return null;
}

/**
 * The first start on an older Node: the program runs under the Node that the set-up has just installed.
 * @param {string[]} args
 * @returns {Promise<number>}
 */
async function runThere(args) {
  const child = spawn(findPlatformNode(ROOT), [PROGRAM, ...args], { stdio: 'inherit' });
  for (const signal of RELAYED) process.on(signal, () => child.kill(signal));
  if (process.stdin.isTTY) process.on('SIGINT', () => {}); // the child decides when to leave
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
  });
}

/** A terminal sends Ctrl-C to all of its processes, and npm sends it to us once more: one key press must stay one signal. */
function ignoreEchoedInterrupts() {
  const emit = process.emit.bind(process);
  let lastAt = -Infinity;
  process.emit = (/** @type {string} */ name, /** @type {unknown[]} */ ...rest) => {
    if (name === 'SIGINT') {
      const isEcho = performance.now() - lastAt < ECHO_MS;
      lastAt = performance.now();
      if (isEcho) return true;
    }
    return Reflect.apply(emit, null, [name, ...rest]);
  };
}
