import { appendFile, mkdir, readdir, readFile, rename, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Part } from '@boocode/contracts/turn-state.ts';
import { describe, expect, it } from 'vitest';
import { pastStorage, SAMPLE_FOLDER } from '../../test/import/past-storage.ts';
import type { PastConversation, PastPlaces } from './past-session.ts';
import { listPastSessions, readPastSession } from './past-sessions.ts';

const CLAUDE = '96681c61-9522-49aa-9b4f-2072c894f919';
const QWEN = '62e5237b-8d29-4560-a4ea-457b661474db';
const GOOSE = '20261122_1';
const OPENCODE = 'ses_dfc04212bffeR8LdwgopCP7SPj';

/** What the samples say, by agent. */
const TOLD = {
  claude: [
    'user: text Please write a note.',
    'assistant: reasoning I look at the README first.',
    'assistant: text Let me read it.',
    'assistant: read (completed, step 0, exit null) Read README.md | 1\thello',
    'assistant: text Now I write it.',
    'assistant: edit (completed, step 1, exit null) Write note.txt | note.txt +2 -0 | File created successfully at: /home/ada/notes/note.txt (file state is current in your context — no need to Read it back)',
    'assistant: execute (failed, step 1, exit 1) cat missing.txt | Exit code 1',
    'assistant: task (completed, step 2, exit null) Look around | Async agent launched successfully.',
    'assistant: text All **done**.\n\nAll **done**.',
    'user: text And again.',
    'assistant: edit (completed, step 0, exit null) Edit note.txt | note.txt +1 -1 | The file /home/ada/notes/note.txt has been updated successfully. (file state is current in your context — no need to Read it back)',
    'assistant: text Second answer.',
  ],
  goose: [
    'user: text Please write a note.',
    'assistant: text Let me read it.',
    'assistant: reasoning I look at the README first.',
    'assistant: execute (completed, step 0, exit 0) cat /home/ada/notes/README.md | hello',
    'assistant: text Now I write it.',
    'assistant: edit (completed, step 1, exit null) Write note.txt | Created /home/ada/notes/note.txt (2 lines)',
    'assistant: execute (failed, step 2, exit 1) cat missing.txt | cat: missing.txt: No such file or directory',
    'assistant: text All **done**.',
    'user: text And again.',
    'assistant: text Second answer.',
  ],
  opencode: [
    'user: text Please write a note.',
    'assistant: reasoning I look at the README first.',
    'assistant: text Let me read it.',
    'assistant: read (completed, step 0, exit null) Read README.md | <path>/home/ada/notes/README.md</path>',
    'assistant: text Now I write it.',
    'assistant: edit (completed, step 1, exit null) Write note.txt | Wrote file successfully.',
    'assistant: execute (completed, step 2, exit 1) cat missing.txt | cat: missing.txt: No such file or directory',
    'assistant: read (failed, step 3, exit null) Read none.md | File not found: /home/ada/notes/none.md',
    'assistant: text All **done**.',
    'user: text And again.',
    'assistant: text Second answer.',
  ],
  qwen: [
    'user: text Please write a note.',
    'assistant: reasoning I look at the README first.',
    'assistant: text Let me read it.',
    'assistant: read (completed, step 0, exit null) Read README.md | hello',
    'assistant: text Now I write it.',
    'assistant: edit (completed, step 1, exit null) Write note.txt | note.txt +2 -0 | Successfully created and wrote to new file: /home/ada/notes/note.txt.',
    'assistant: execute (failed, step 2, exit 1) cat missing.txt | Command: cat missing.txt',
    'assistant: text All **done**.',
    'user: text And again.',
    'assistant: edit (failed, step 0, exit null) Edit note.txt | File /home/ada/notes/note.txt has not been read in this session. Use the read_file tool first to load the current content (a partial read with offset / limit is fine — you only need to have seen the bytes you intend to edit) before editing it.',
    'assistant: text Second answer.',
  ],
};

describe('listPastSessions()', () => {
  it('finds what the real programs have kept, newest first', async () => {
    await using past = await pastStorage();
    const { sessions, problems } = await listPastSessions(past.places, SAMPLE_FOLDER);
    expect(problems).toEqual([]);
    expect(sessions.map(({ agent, externalId, title, prompts }) => [agent, externalId, title, prompts])).toEqual([
      ['claude', CLAUDE, 'Please write a note.', 2],
      ['qwen', QWEN, 'Please write a note.', 2],
      ['goose', GOOSE, 'first', 2],
      ['opencode', OPENCODE, 'Demo conversation', 2],
    ]);
    expect(sessions.map(({ updatedAt }) => new Date(updatedAt).toISOString())).toEqual([
      '2026-11-22T16:00:20.670Z',
      '2026-11-22T15:59:41.402Z',
      '2026-11-22T15:59:41.000Z',
      '2026-11-22T15:59:37.416Z',
    ]);
    expect(new Set(sessions.map(({ cwd }) => cwd))).toEqual(new Set([SAMPLE_FOLDER]));
  });

  it('finds nothing where no agent was ever used, and nothing of other folders, however alike their names are', async () => {
    await using past = await pastStorage();
    const nowhere = join(past.root, 'nowhere');
    expect(await listPastSessions({ ...past.places, home: nowhere, dataHome: nowhere }, SAMPLE_FOLDER)).toEqual({ sessions: [], problems: [] });
    for (const folder of ['/home/ada/note', '/home/ada/notes/deeper', '/home/ada-notes', '/home/eve/notes']) {
      expect(await listPastSessions(past.places, folder)).toEqual({ sessions: [], problems: [] });
      expect(await readPastSession(past.places, folder, 'claude', CLAUDE)).toBeNull();
      expect(await readPastSession(past.places, folder, 'goose', GOOSE)).toBeNull();
    }
    expect((await listPastSessions(past.places, '/home/ada')).sessions).toHaveLength(4);
  });

  it('leaves out what cannot be read, with the reason, and shows the rest', async () => {
    await using past = await pastStorage();
    const claude = join(past.places.home, '.claude/projects/-home-ada-notes');
    const sample = await readFile(join(claude, `${CLAUDE}.jsonl`), 'utf8');
    await writeFile(join(claude, 'torn.jsonl'), `banner\n{"no\n\u0000\n${sample.slice(0, sample.length - 50)}`);
    await writeFile(join(claude, 'empty.jsonl'), '');
    await writeFile(join(claude, 'huge.jsonl'), sample);
    await truncate(join(claude, 'huge.jsonl'), 21 * 1_024 * 1_024);
    await mkdir(join(claude, 'folder.jsonl'));
    await writeFile(join(past.places.dataHome, 'goose/sessions/sessions.db'), 'This is no database, and longer than its header would be.'.repeat(20));
    const opencode = new DatabaseSync(join(past.places.dataHome, 'opencode/opencode.db'));
    opencode.exec('alter table session rename column directory to place');
    opencode.close();
    const { sessions, problems } = await listPastSessions(past.places, SAMPLE_FOLDER);
    expect(sessions.map(({ agent, externalId }) => [agent, externalId])).toEqual([
      ['claude', CLAUDE],
      ['claude', 'torn'],
      ['qwen', QWEN],
    ]);
    expect(problems.toSorted((a, b) => a.agent.localeCompare(b.agent))).toEqual([
      { agent: 'claude', message: 'Cannot import session huge of claude: it has 21 MB, and at most 20 MB are read' },
      { agent: 'goose', message: expect.stringMatching(/^Cannot read the sessions of goose: .*; it may be a version that BooCode does not know$/) },
      { agent: 'opencode', message: expect.stringMatching(/^Cannot read the sessions of opencode: .*; it may be a version that BooCode does not know$/) },
    ]);
    await expect(readPastSession(past.places, SAMPLE_FOLDER, 'claude', 'huge')).rejects.toMatchObject({ code: 'too_large' });
    expect(await readdir(past.places.scratch)).toEqual([]);
  });

  it('sees what stands in the log of a database that is in use alone, and writes nothing', async () => {
    await using past = await pastStorage();
    const path = join(past.places.dataHome, 'goose/sessions/sessions.db');
    const agent = new DatabaseSync(path);
    agent.exec(`pragma wal_autocheckpoint = 0; update sessions set name = 'newer'; begin; update sessions set name = 'not yet'`);
    const before = await factsBelow(past.places);
    const { sessions } = await listPastSessions(past.places, SAMPLE_FOLDER);
    await readPastSession(past.places, SAMPLE_FOLDER, 'goose', GOOSE);
    expect(sessions.find((session) => session.agent === 'goose')?.title).toBe('newer');
    expect(await factsBelow(past.places)).toEqual(before);
    agent.close();
  });

  it('leaves out sub-agents and what was said by nobody', async () => {
    await using past = await pastStorage();
    const goose = new DatabaseSync(join(past.places.dataHome, 'goose/sessions/sessions.db'));
    goose.exec(`update sessions set session_type = 'sub_agent'`);
    goose.close();
    const opencode = new DatabaseSync(join(past.places.dataHome, 'opencode/opencode.db'));
    opencode.exec(`update session set parent_id = 'ses_1'`);
    opencode.close();
    const qwen = join(past.places.home, '.qwen/projects/-home-ada-notes/chats');
    await writeFile(join(qwen, `${QWEN}.jsonl`), (await readFile(join(qwen, `${QWEN}.jsonl`), 'utf8')).replaceAll('"real_user"', '"system"'));
    expect((await listPastSessions(past.places, SAMPLE_FOLDER)).sessions.map(({ agent }) => agent)).toEqual(['claude']);
  });
});

describe('readPastSession()', () => {
  it.each([
    ['claude', CLAUDE, 'claude-sonnet-4-5'],
    ['qwen', QWEN, 'm'],
    ['goose', GOOSE, 'm'],
    ['opencode', OPENCODE, 'local/m'],
  ] as const)('gives prompts and answers of %s with their tools', async (agent, id, model) => {
    await using past = await pastStorage();
    const found = await readPastSession(past.places, SAMPLE_FOLDER, agent, id);
    expect(found?.messages.map((message) => [message.role, message.status, message.model])).toEqual([
      ['user', 'completed', null],
      ['assistant', 'completed', model],
      ['user', 'completed', null],
      ['assistant', 'completed', model],
    ]);
    expect(toldBy(found)).toEqual(TOLD[agent]);
    const times = found!.messages.flatMap(({ createdAt, endedAt }) => [createdAt, endedAt]);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });

  it('knows the folder of a session below the project', async () => {
    await using past = await pastStorage();
    const projects = join(past.places.home, '.claude/projects');
    await rename(join(projects, '-home-ada-notes'), join(projects, '-home-ada-notes-deep-er'));
    const path = join(projects, '-home-ada-notes-deep-er', `${CLAUDE}.jsonl`);
    await writeFile(path, (await readFile(path, 'utf8')).replaceAll('"cwd": "/home/ada/notes"', '"cwd": "/home/ada/notes/deep.er"'));
    expect((await readPastSession(past.places, SAMPLE_FOLDER, 'claude', CLAUDE))?.cwd).toBe('/home/ada/notes/deep.er');
  });

  it('takes a name that the person gave before the first prompt', async () => {
    await using past = await pastStorage();
    const path = join(past.places.home, '.claude/projects/-home-ada-notes', `${CLAUDE}.jsonl`);
    await appendFile(path, '{"type":"ai-title","aiTitle":"A note"}\n{"type":"custom-title","customTitle":"My note"}\n{"type":"custom-tit');
    expect((await readPastSession(past.places, SAMPLE_FOLDER, 'claude', CLAUDE))?.title).toBe('My note');
  });
});

/** A conversation as lines. */
function toldBy(past: PastConversation | null): string[] {
  return (past?.messages ?? []).flatMap(({ role, parts }) => parts.map((part) => `${role}: ${lineOf(part)}`));
}

function lineOf(part: Part): string {
  if (part.type === 'text' || part.type === 'reasoning') return `${part.type} ${part.text}`;
  if (part.type !== 'tool') return part.type;
  const { status, kind, title, step, output } = part;
  const diffs = output?.diffs.map(({ path, additions, deletions }) => `${path} +${additions} -${deletions}`) ?? [];
  return [`${kind} (${status}, step ${step}, exit ${output?.exitCode}) ${title}`, ...diffs, output?.text.split('\n')[0]].join(' | ');
}

async function factsBelow({ home, dataHome }: PastPlaces): Promise<string[]> {
  const paths = (
    await Promise.all([home, dataHome].map(async (folder) => (await readdir(folder, { recursive: true })).map((path) => join(folder, path))))
  ).flat();
  const facts = await Promise.all(paths.toSorted().map((path) => stat(path, { bigint: true })));
  return paths.toSorted().map((path, place) => `${path} ${facts[place]!.size} ${facts[place]!.mtimeNs} ${facts[place]!.ctimeNs}`);
}
