import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { newPrompt } from '../../test/open-options.ts';
import type { Prompt } from '../backend.ts';
import { AcpTurn } from './acp-turn.ts';
import { AcpUpdate, PermissionParams } from './acp-wire.ts';

function newTurn(silenceMs: number, prompt: Partial<Prompt> = {}): AcpTurn {
  const place = { cwd: '/tree', silenceMs, now: () => 0, terminal: () => ({ text: '', exitCode: null }), costBefore: 0, onNote: () => {} };
  return new AcpTurn(place, newPrompt('x', prompt));
}

const call = (status: string) => AcpUpdate.parse({ sessionUpdate: 'tool_call', toolCallId: 'c', title: 'Sleep', status });
const outcome = (turn: AcpTurn, waitMs: number) => Promise.race([turn.stalled.then(() => 'stalled'), sleep(waitMs, 'waits')]);

it('AcpTurn does not take silence for a stall while a tool runs', async () => {
  using turn = newTurn(20);
  turn.update(call('in_progress'));
  expect(await outcome(turn, 150)).toBe('waits');
  turn.update(call('completed'));
  await turn.stalled;
});

it('AcpTurn does not take silence for a stall while a person is asked', async () => {
  const answered = Promise.withResolvers<Awaited<ReturnType<Prompt['ask']>>>();
  using turn = newTurn(20, { access: 'ask', ask: () => answered.promise });
  const params = PermissionParams.parse({ toolCall: { toolCallId: 'c', kind: 'execute' }, options: [{ optionId: 'no', name: 'No', kind: 'reject_once' }] });
  const permission = turn.permission(params, new AbortController().signal);
  turn.update(call('failed')); // the call itself is no excuse any more
  expect(await outcome(turn, 150)).toBe('waits');
  answered.resolve({ allowed: false, optionId: 'no', note: null });
  expect(await permission).toEqual({ outcome: { outcome: 'selected', optionId: 'no' } });
  await turn.stalled;
});
