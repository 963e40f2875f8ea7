import type { RestorePreview } from '@boocode/contracts/checkpoint.ts';
import { expect, it } from 'vitest';
import { previewWords } from './checkpoint-words.ts';

const PREVIEW: RestorePreview = { files: [], hides: 0, brings: 0, agents: [], leftAlone: [], applied: [], refusal: null };
const FILE = { path: 'a', kind: 'modified' } as const;

it.each([
  [{ files: [FILE, FILE], hides: 4, agents: ['claude'] }, 'both', '2 files change back, 4 messages are removed, the agent starts a fresh session.'],
  [{ files: [FILE], hides: 1 }, 'files', '1 file changes back.'],
  [{ files: [FILE], hides: 1, brings: 2, agents: ['a', 'b'] }, 'chat', '1 message is removed, 2 messages come back, the agents start fresh sessions.'],
  [{}, 'both', 'Nothing changes: everything is as it was then.'],
] as const)('previewWords(%j, %s)', (preview, what, words) => {
  expect(
    previewWords(
      { ...PREVIEW, ...preview, files: [...('files' in preview ? preview.files : [])], agents: [...('agents' in preview ? preview.agents : [])] },
      what,
    ),
  ).toBe(words);
});
