import { describe, expect, it } from 'vitest';
import { EventQueue } from './event-queue.ts';

describe('EventQueue', () => {
  it('gives everything in order, the failure last', async () => {
    const queue = new EventQueue<number>();
    queue.push(1);
    queue.push(2);
    queue.fail(new Error('gone'));
    queue.push(3);
    expect(await queue.take()).toEqual([1, 2, 3]);
    await expect(queue.take()).rejects.toThrow('gone');
  });

  it('wakes a reader that waits', async () => {
    const queue = new EventQueue<number>();
    const taking = queue.take();
    queue.push(1);
    expect(await taking).toEqual([1]);
    queue.end();
    expect(await queue.take()).toBeNull();
  });

  it('dealtWith() resolves only when the reader has come back with nothing left', async () => {
    const queue = new EventQueue<number>();
    const order: string[] = [];
    queue.push(1);
    const dealt = queue.dealtWith().then(() => order.push('dealt with'));
    await queue.take();
    order.push('taken');
    const again = queue.take();
    await dealt;
    queue.end();
    await again;
    expect(order).toEqual(['taken', 'dealt with']);
  });

  it('dealtWith() does not wait for a reader that has gone', async () => {
    const queue = new EventQueue<number>();
    queue.push(1);
    const dealt = queue.dealtWith();
    queue.abandon();
    expect(await Promise.all([dealt, queue.dealtWith()])).toEqual([undefined, undefined]);
  });
});
