import { expect, it } from 'vitest';
import { KeyedQueue } from './keyed-queue.ts';

it('KeyedQueue.run() takes turns per key, also after a failure, and lets other keys through', async () => {
  const queue = new KeyedQueue();
  const seen: string[] = [];
  const gate = Promise.withResolvers<void>();
  const work = (name: string, wait: Promise<void>) => async (): Promise<void> => {
    seen.push(`${name} begins`);
    await wait;
    seen.push(`${name} ends`);
    if (name === 'a1') throw new Error('a1 failed');
  };
  const a1 = queue.run('a', work('a1', gate.promise));
  const a2 = queue.run('a', work('a2', Promise.resolve()));
  await queue.run('b', work('b', Promise.resolve()));
  gate.resolve();
  await expect(a1).rejects.toThrow('a1 failed');
  await a2;
  expect(seen).toEqual(['a1 begins', 'b begins', 'b ends', 'a1 ends', 'a2 begins', 'a2 ends']);
});
