import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { conversationBudget, fitConversation } from './context-policy.ts';
import { type ConversationItem, sizeOf } from './conversation.ts';

const user = (text: string): ConversationItem => ({ role: 'user', text });
const answer = (text: string, ...results: string[]): ConversationItem => ({
  role: 'assistant',
  text,
  reasoning: '',
  calls: results.map((result, index) => ({ callId: `${index}`, name: 'read', input: { path: 'a' }, result })),
});
const total = (items: readonly ConversationItem[]): number => items.reduce((sum, item) => sum + sizeOf(item), 0);

describe('fitConversation()', () => {
  it('leaves what fits alone', () => {
    const items = [user('a'), answer('b', 'c')];
    expect(fitConversation(items, 1_000)).toEqual({ items, outputsDropped: 0, messagesDropped: 0, fits: true });
  });

  it('drops the oldest tool outputs first and keeps the newest', () => {
    const items = [user('go'), answer('', 'x'.repeat(3_000)), answer('', 'y'.repeat(3_000)), answer('', 'z'.repeat(3_000))];
    const fitted = fitConversation(items, 9_000);
    expect(fitted).toMatchObject({ outputsDropped: 1, messagesDropped: 0, fits: true });
    expect(fitted.items[1]).toMatchObject({ calls: [{ result: expect.stringContaining('left out to save room') }] });
    expect(fitted.items.slice(2)).toEqual(items.slice(2));
  });

  it('drops old messages in whole exchanges, never the last prompt', () => {
    const items = [user('a'.repeat(3_000)), answer('b'.repeat(3_000)), user('c'.repeat(3_000)), answer('d'.repeat(3_000)), user('now')];
    const fitted = fitConversation(items, 7_000);
    expect(fitted).toMatchObject({ messagesDropped: 4, fits: true });
    expect(fitted.items.map((item) => item.role)).toEqual(['user', 'assistant', 'user']);
    expect(fitted.items.at(-1)).toEqual(user('now'));
  });

  it('cuts even the newest output when nothing else helps', () => {
    const fitted = fitConversation([user('go'), answer('', 'x'.repeat(100_000))], 10_000);
    expect(fitted.fits).toBe(true);
    expect(total(fitted.items)).toBeLessThan(10_000);
  });

  it('says when the prompt alone is too long', () => {
    expect(fitConversation([user('x'.repeat(5_000))], 1_000)).toMatchObject({ fits: false });
  });

  it('fits whatever fits at all, keeps the last prompt and its calls in order', () => {
    const size = fc.integer({ min: 0, max: 20_000 });
    const exchange = fc.tuple(size, fc.array(size, { maxLength: 4 }));
    fc.assert(
      fc.property(fc.array(exchange, { minLength: 1, maxLength: 6 }), fc.integer({ min: 4_000, max: 60_000 }), (exchanges, budget) => {
        const items = exchanges.flatMap(([prompt, results]) => [
          user('p'.repeat(Math.floor(prompt / 20))),
          ...results.map((result) => answer('t', 'r'.repeat(result))),
        ]);
        const fitted = fitConversation(items, budget);
        expect(fitted.fits).toBe(total(fitted.items) <= budget);
        const last = items.findLastIndex((item) => item.role === 'user');
        const lastKept = fitted.items.findLastIndex((item) => item.role === 'user');
        expect(fitted.items[lastKept]).toEqual(items[last]);
        expect(fitted.items.length - lastKept).toBe(items.length - last);
      }),
      { numRuns: 50 },
    );
  });
});

it('conversationBudget() keeps room for the answer in small and large contexts', () => {
  expect(conversationBudget(4_096, 3, 3_000)).toBe((4_096 - 1_024) * 3 - 3_000);
  expect(conversationBudget(131_072, 3, 3_000)).toBe((131_072 - 8_192) * 3 - 3_000);
});
