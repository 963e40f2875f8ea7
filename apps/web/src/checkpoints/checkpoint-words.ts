import type { Checkpoint, RestorePreview, RestoreWhat } from '@boocode/contracts/checkpoint.ts';

const KINDS: Readonly<Record<Checkpoint['kind'], string>> = {
  before: 'Before a turn',
  after: 'After a turn',
  manual: 'Taken by you',
  safety: 'Before a restore',
  rejection: 'Before a rejection',
};

/** Why it was taken. */
export function kindWords({ kind }: Pick<Checkpoint, 'kind'>): string {
  return KINDS[kind];
}

/** `3 files changed` */
export function countWords({ files }: Pick<Checkpoint, 'files'>): string {
  return files === 0 ? 'No file changed' : `${plural(files, 'file')} changed`;
}

/** What would happen, in one sentence: "2 files change back, 4 messages are removed, the agent starts a fresh session". */
export function previewWords(preview: RestorePreview, what: RestoreWhat): string {
  const { files, hides, brings, agents } = preview;
  const parts = [
    what === 'chat' || files.length === 0 ? null : `${plural(files.length, 'file')} ${files.length === 1 ? 'changes' : 'change'} back`,
    what === 'files' || hides === 0 ? null : `${plural(hides, 'message')} ${hides === 1 ? 'is' : 'are'} removed`,
    what === 'files' || brings === 0 ? null : `${plural(brings, 'message')} ${brings === 1 ? 'comes' : 'come'} back`,
    what === 'files' || agents.length === 0 ? null : agents.length === 1 ? 'the agent starts a fresh session' : 'the agents start fresh sessions',
  ].filter((part) => part !== null);
  const [first = 'nothing changes: everything is as it was then', ...rest] = parts;
  return `${[first.slice(0, 1).toUpperCase() + first.slice(1), ...rest].join(', ')}.`;
}

function plural(count: number, noun: string): string {
  return count === 1 ? `1 ${noun}` : `${count} ${noun}s`;
}
