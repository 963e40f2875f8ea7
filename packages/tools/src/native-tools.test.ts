import { execFileSync } from 'node:child_process';
import { chmod, lstat, mkdir, mkdtemp, readdir, readFile, realpath, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { identifyProcess } from '@boocode/processes/process-table.ts';
import { nativeTools } from './native-tools.ts';
import type { ToolContext, ToolResult } from './tool.ts';

let root: string;
let cwd: string;
let context: ToolContext;
let live: string;

beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'boocode-tools-')));
  cwd = join(root, 'tree');
  await mkdir(join(cwd, 'src'), { recursive: true });
  await mkdir(join(root, 'secret'));
  await mkdir(join(root, 'shared'));
  await writeFile(join(root, 'secret', 'key'), 'secret\n');
  await writeFile(join(root, 'shared', 'note'), 'shared\n');
  await writeFile(join(cwd, 'src', 'a.ts'), 'const one = 1;\nconst two = 2;\n');
  live = '';
  context = {
    cwd,
    allowedReadPaths: [join(root, 'shared')],
    outputDir: join(root, 'out'),
    environment: { PATH: process.env['PATH'] ?? '', HOME: root },
    registry: null,
    containment: null,
    shellTimeoutMs: 10_000,
    signal: new AbortController().signal,
    onOutput: (delta) => {
      live += delta;
    },
  };
});

afterEach(() => rm(root, { recursive: true, force: true }));

async function use(name: string, input: unknown, extra: Partial<ToolContext> = {}): Promise<ToolResult> {
  const tool = nativeTools('full').find((candidate) => candidate.name === name)!;
  const prepared = tool.prepare(input);
  return 'problem' in prepared ? { text: prepared.problem, failed: true } : prepared.run({ ...context, ...extra });
}

describe('the wall', () => {
  beforeEach(async () => {
    await symlink(join(root, 'secret'), join(cwd, 'out'));
    await symlink(join(root, 'secret', 'key'), join(cwd, 'key'));
    await symlink(join(root, 'secret', 'missing'), join(cwd, 'dangling'));
    await symlink('loop', join(cwd, 'loop'));
    execFileSync('git', ['init', '-q'], { cwd });
  });

  it.each(['../secret/key', '/etc/passwd', 'out/key', 'key', 'src/../../secret/key', 'dangling', 'loop', 'out/new', '~/x/../../../../etc/hosts', 'a\0b'])(
    'read, write and edit refuse %j',
    async (path) => {
      for (const [name, input] of [
        ['read', {}],
        ['write', { content: 'x' }],
        ['edit', { oldText: 'secret', newText: 'x' }],
      ] as const) {
        expect(await use(name, { path, ...input }), name).toMatchObject({ failed: true });
      }
      expect(await readdir(join(root, 'secret'))).toEqual(['key']);
      expect(await readFile(join(root, 'secret', 'key'), 'utf8')).toBe('secret\n');
    },
  );

  it.each(['list', 'search'])('%s refuses a folder outside, also through a link', async (name) => {
    for (const path of ['..', join(root, 'secret'), 'out']) expect(await use(name, { path, pattern: 'secret' })).toMatchObject({ failed: true });
  });

  it('search does not follow links out of the folder', async () => {
    expect((await use('search', { pattern: 'secret' })).text).toBe('No matches.');
  });

  it.each(['.git/config', '.GIT/hooks/x', 'src/.git/config', '.git'])('write refuses %s', async (path) => {
    expect((await use('write', { path, content: 'x' })).text).toContain("git's own files");
  });

  it('reads the allowed folders and the output folder, but writes to neither', async () => {
    await mkdir(context.outputDir);
    await writeFile(join(context.outputDir, 'o'), 'kept\n');
    expect(await use('read', { path: join(root, 'shared', 'note') })).toMatchObject({ text: '1\tshared' });
    expect(await use('read', { path: join(context.outputDir, 'o') })).toMatchObject({ text: '1\tkept' });
    expect(await use('write', { path: join(root, 'shared', 'x'), content: 'x' })).toMatchObject({ failed: true });
    expect(await use('write', { path: join(context.outputDir, 'x'), content: 'x' })).toMatchObject({ failed: true });
  });
});

describe('read', () => {
  it('numbers lines and reads a part', async () => {
    await writeFile(join(cwd, 'long'), Array.from({ length: 3_000 }, (_, index) => `line ${index + 1}`).join('\n'));
    expect((await use('read', { path: 'long', offset: 2, limit: 2 })).text).toBe('2\tline 2\n3\tline 3\n(lines 2-3 of 3000; go on with offset 4)');
    const whole = await use('read', { path: 'long' });
    expect(whole.text.split('\n')).toHaveLength(1_001);
    expect(whole.whole).toMatchObject({ lines: 3_000 });
  });

  it('refuses binary files, folders and pipes, and names images', async () => {
    await writeFile(join(cwd, 'bin'), Buffer.from([1, 0, 2]));
    await writeFile(join(cwd, 'a.png'), Buffer.from([1, 0, 2]));
    execFileSync('mkfifo', [join(cwd, 'pipe')]);
    expect((await use('read', { path: 'bin' })).text).toContain('binary');
    expect((await use('read', { path: 'a.png' })).text).toContain('image');
    expect((await use('read', { path: 'src' })).text).toContain('folder');
    expect((await use('read', { path: 'pipe' })).text).toContain('not a regular file');
    expect((await use('read', { path: 'none' })).text).toContain('no such file');
  });

  it('bounds a huge single line', async () => {
    await writeFile(join(cwd, 'min.js'), 'x'.repeat(500_000));
    expect((await use('read', { path: 'min.js' })).text.length).toBeLessThan(1_200);
  });
});

describe('list and search', () => {
  beforeEach(async () => {
    await writeFile(join(cwd, '.gitignore'), 'dist\n');
    await mkdir(join(cwd, 'dist'));
    await writeFile(join(cwd, 'dist', 'a.js'), 'const one = 1;\n');
    await writeFile(join(cwd, 'README.md'), 'one (two)\n');
  });

  it('list shows folders with counts and names what is left out', async () => {
    expect((await use('list', {})).text).toBe('src/ (1 files)\n.gitignore\nREADME.md\n(empty or ignored: dist/)');
    expect((await use('list', { depth: 2 })).text).toContain('src/a.ts');
    expect(await use('list', { path: 'README.md' })).toMatchObject({ failed: true });
  });

  it('search leaves ignored files out and gives path:line:text', async () => {
    expect((await use('search', { pattern: 'one' })).text).toBe('README.md:1:one (two)\nsrc/a.ts:1:const one = 1;');
    expect((await use('search', { pattern: '(two)', literal: true, path: 'README.md' })).text).toBe('README.md:1:one (two)');
    expect((await use('search', { pattern: 'ONE', glob: '*.ts', ignoreCase: 'true' })).text).toBe('src/a.ts:1:const one = 1;');
    expect(await use('search', { pattern: '-x(' })).toMatchObject({ failed: true });
    expect((await use('search', { pattern: '--files' })).text).toBe('No matches.');
  });

  it('search bounds its output', async () => {
    await writeFile(join(cwd, 'many'), 'needle here\n'.repeat(50_000));
    const result = await use('search', { pattern: 'needle' });
    expect(result.text.length).toBeLessThan(26_000);
    expect(result.text).toContain('more matches than fit');
  });
});

describe('edit and write', () => {
  it('edit keeps the mode and shows the difference', async () => {
    await chmod(join(cwd, 'src', 'a.ts'), 0o755);
    const result = await use('edit', { file_path: 'src/a.ts', old_string: 'one = 1', new_string: 'one = 11' });
    expect(result).toMatchObject({ text: 'Edited src/a.ts at line 1 (+1 -1).', diffs: [{ path: 'src/a.ts', additions: 1, deletions: 1 }] });
    expect((await stat(join(cwd, 'src', 'a.ts'))).mode & 0o777).toBe(0o755);
    expect(await readdir(join(cwd, 'src'))).toEqual(['a.ts']);
  });

  it('edit through a link inside the tree changes its target and keeps the link', async () => {
    await symlink('src/a.ts', join(cwd, 'link.ts'));
    await use('edit', { path: 'link.ts', oldText: 'two = 2', newText: 'two = 3' });
    expect(await readFile(join(cwd, 'src', 'a.ts'), 'utf8')).toContain('two = 3');
    expect((await lstat(join(cwd, 'link.ts'))).isSymbolicLink()).toBe(true);
  });

  it('edit refuses what is not text, not there or not unique', async () => {
    await writeFile(join(cwd, 'latin'), Buffer.from([0xe9, 0x41]));
    expect((await use('edit', { path: 'latin', oldText: 'A', newText: 'B' })).text).toContain('not UTF-8');
    expect((await use('edit', { path: 'none', oldText: 'A', newText: 'B' })).text).toContain('no such file');
    expect((await use('edit', { path: 'src/a.ts', oldText: 'const', newText: 'let' })).text).toContain('at lines 1, 2');
  });

  it('write creates folders, and keeps the line endings of a file it replaces', async () => {
    expect((await use('write', { path: 'x/y/z.txt', content: 'hi\n' })).text).toBe('Created x/y/z.txt (+1 -0).');
    await writeFile(join(cwd, 'dos.txt'), 'a\r\nb\r\n');
    await use('write', { path: 'dos.txt', content: 'a\nc\n' });
    expect(await readFile(join(cwd, 'dos.txt'), 'utf8')).toBe('a\r\nc\r\n');
  });

  it('says what is wrong with an input', async () => {
    expect((await use('edit', { path: 'a' })).text).toContain('oldText');
    expect((await use('write', '{"path": "a", "content"')).text).toContain('Invalid input for "write"');
  });
});

describe('shell', () => {
  it('runs in the folder, tells the exit status and streams', async () => {
    const result = await use('shell', { command: 'pwd; echo oops >&2; exit 3' });
    expect(result).toMatchObject({ failed: true, exitCode: 3 });
    expect(result.text.split('\n').toSorted()).toEqual([cwd, 'oops', '(exit status 3)'].toSorted());
    expect(live).toContain(cwd);
  });

  it('counts what it gives, without the empty end: nothing of a short output is missing', async () => {
    expect(await use('shell', { command: 'echo one; echo two; echo' })).toMatchObject({ text: 'one\ntwo', whole: { bytes: 7, lines: 3, file: null } });
  });

  it('gives beginning and end of a long output and keeps all of it in a file', async () => {
    const result = await use('shell', { command: 'seq 1 30000' });
    expect(result.text.length).toBeLessThan(17_000);
    expect(result.text).toMatch(/^1\n2\n[\s\S]*30000$/);
    const file = result.whole!.file!;
    expect(file.startsWith(context.outputDir)).toBe(true);
    const whole = await readFile(file, 'utf8');
    expect(whole.split('\n')).toHaveLength(30_001);
    expect(result.whole).toEqual({ bytes: whole.length, lines: 30_000, file });
  });

  it('ends a command at its time limit, with what it has started', async () => {
    const result = await use('shell', { command: 'sleep 60 & echo $!; wait', timeoutMs: 1_500 });
    expect(result.text).toContain('the time limit');
    const pid = Number(result.text.split('\n')[0]);
    expect(identifyProcess(pid)).toBeNull();
  });

  it('ends the group when it is cancelled', async () => {
    const cancel = new AbortController();
    const pidSeen = Promise.withResolvers<number>();
    const running = use(
      'shell',
      { command: 'sleep 60 & echo pid $!; wait' },
      {
        signal: cancel.signal,
        onOutput: (delta) => {
          const pid = /pid (\d+)/.exec(delta)?.[1];
          if (pid !== undefined) pidSeen.resolve(Number(pid));
        },
      },
    );
    const pid = await pidSeen.promise;
    cancel.abort();
    expect((await running).text).toContain('(cancelled)');
    expect(identifyProcess(pid)).toBeNull();
  });

  it('leaves no background process behind and does not wait for it', async () => {
    const result = await use('shell', { command: 'sleep 60 & echo $!' });
    expect(result).toMatchObject({ exitCode: 0 });
    expect(identifyProcess(Number(result.text))).toBeNull();
  });
});

it('todo gives the plan back', async () => {
  expect((await use('todo', { items: '[{"text": "look", "status": "done"}, {"text": "act", "status": "pending"}]' })).text).toBe('[x] look\n[ ] act');
});

it('a read-only agent is offered nothing that changes anything', () => {
  expect(nativeTools('read-only').map((tool) => tool.name)).toEqual(['read', 'list', 'search', 'todo']);
});
