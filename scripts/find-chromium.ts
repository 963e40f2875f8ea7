import { execFile } from 'node:child_process';
import { accessSync, chmodSync, constants, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from './setup.mjs';

/** A browser that can be launched, and what it needs in its environment. */
export interface Chromium {
  readonly executablePath: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Flags for a browser that runs tests, as root as well. */
export const CHROMIUM_FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
] as const;

const PACKAGE = join(ROOT, 'node_modules', '@sparticuz', 'chromium');
const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'chrome'];

/** The package's own file looks for the fonts in /tmp. */
const FONTS_CONF = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir prefix="relative">fonts</dir><dir>/usr/share/fonts</dir><cachedir prefix="xdg">fontconfig</cachedir></fontconfig>
`;

/** The browser of the tests: CHROMIUM_PATH, else the one that npm installed (Linux on x64), else the one on the PATH. */
export async function findChromium(env: NodeJS.ProcessEnv): Promise<Chromium> {
  const named = env['CHROMIUM_PATH'];
  if (named !== undefined && named !== '') {
    if (!isExecutable(named)) throw new Error(`Cannot run the browser tests: CHROMIUM_PATH names "${named}", which is not a program; correct it or unset it`);
    return { executablePath: named, env: {} };
  }
  if (process.platform === 'linux' && process.arch === 'x64' && existsSync(PACKAGE)) return unpackedChromium(env);
  const onPath = (env['PATH'] ?? '').split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name)));
  const found = onPath.find(isExecutable);
  if (found !== undefined) return { executablePath: found, env: {} };
  throw new Error('Cannot run the browser tests: no Chromium was found; install one (Debian: apt install chromium) or set CHROMIUM_PATH to its program');
}

/** The package keeps its browser compressed, and unpacks it under fixed names in TMPDIR: here that is a folder of our own, one per version. */
async function unpackedChromium(env: NodeJS.ProcessEnv): Promise<Chromium> {
  const { version }: { version: string } = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8'));
  const folder = join(ROOT, '.cache', `chromium-${version}`);
  const executablePath = join(folder, 'chromium');
  if (!existsSync(executablePath)) await unpack(folder, env);
  return {
    executablePath,
    env: {
      LD_LIBRARY_PATH: [join(folder, 'al2023', 'lib'), ...(env['LD_LIBRARY_PATH'] ?? '').split(delimiter)].filter((path) => path !== '').join(delimiter),
      FONTCONFIG_PATH: join(folder, 'fonts'),
    },
  };
}

/** Unpacks beside the final place and renames, so that nobody sees half a browser. */
async function unpack(folder: string, env: NodeJS.ProcessEnv): Promise<void> {
  const partial = `${folder}.${process.pid}`;
  mkdirSync(partial, { recursive: true });
  const program = `import('@sparticuz/chromium').then((module) => module.default.executablePath())`;
  const unpackEnv = { ...env, TMPDIR: partial, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x' }; // so it brings its own libraries
  await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program], { cwd: ROOT, env: unpackEnv, timeout: 120_000 });
  chmodSync(join(partial, 'chromium'), 0o755);
  writeFileSync(join(partial, 'fonts', 'fonts.conf'), FONTS_CONF);
  try {
    renameSync(partial, folder);
  } catch (error) {
    rmSync(partial, { recursive: true, force: true });
    if (!existsSync(join(folder, 'chromium'))) throw error; // else another process was first
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false; // not there, or not a program
  }
}
