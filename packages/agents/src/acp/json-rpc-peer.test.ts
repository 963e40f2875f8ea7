import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { JsonRpcPeer, METHOD_NOT_FOUND, type PeerHandlers, PeerGone, RpcError } from './json-rpc-peer.ts';

function connect(handlers: Partial<PeerHandlers> = {}) {
  const input = new PassThrough();
  const output = new PassThrough();
  const peer = new JsonRpcPeer(input, output, { onRequest: async () => ({}), onNotification: () => {}, ...handlers });
  const tell = (...messages: (object | string)[]) =>
    input.write(messages.map((message) => `${typeof message === 'string' ? message : JSON.stringify(message)}\n`).join(''));
  const said = async (): Promise<object> => JSON.parse(String((await once(output, 'data'))[0]));
  return { peer, input, output, tell, said };
}

it('JsonRpcPeer gives notifications and answers in the order of the wire', async () => {
  const order: string[] = [];
  const { peer, tell } = connect({ onNotification: (method) => order.push(method) });
  const answer = peer.request('a', {}).then((result) => order.push(`answer ${JSON.stringify(result)}`));
  tell({ method: 'one' }, 'a log line', { method: 'two' }, { id: 1, result: [1] });
  await answer;
  tell({ method: 'three' });
  await new Promise(setImmediate);
  expect(order).toEqual(['one', 'two', 'answer [1]', 'three']);
});

it('JsonRpcPeer rejects with the error of the answer', async () => {
  const { peer, tell } = connect();
  const answer = peer.request('a', {});
  tell({ id: 1, error: { code: -5, message: 'no', data: { why: 1 } } }, { id: 99, result: 'nobody asked' });
  await expect(answer).rejects.toMatchObject({ name: 'RpcError', code: -5, message: 'no', data: { why: 1 } });
});

it('JsonRpcPeer answers with what a handler gives, throws, or is cancelled in', async () => {
  const { tell, said } = connect({
    onRequest: async (method, _params, signal) => {
      if (method === 'gives') return { a: 1 };
      if (method === 'unknown') throw new RpcError(METHOD_NOT_FOUND, 'no such method');
      if (method === 'waits') await once(signal, 'abort');
      throw new Error('broken');
    },
  });
  tell({ id: 'x', method: 'gives' });
  expect(await said()).toEqual({ jsonrpc: '2.0', id: 'x', result: { a: 1 } });
  tell({ id: 2, method: 'unknown' });
  expect(await said()).toEqual({ jsonrpc: '2.0', id: 2, error: { code: -32601, message: 'no such method' } });
  tell({ id: null, method: 'breaks' });
  expect(await said()).toEqual({ jsonrpc: '2.0', id: null, error: { code: -32603, message: 'broken' } });
  tell({ id: 3, method: 'waits' }, { method: '$/cancel_request', params: { requestId: 3 } });
  expect(await said()).toMatchObject({ id: 3, error: { code: -32800 } });
});

it('JsonRpcPeer rejects what is open when the other side is gone, and what is asked after', async () => {
  const { peer, input } = connect();
  const open = peer.request('a', {});
  input.destroy();
  await expect(open).rejects.toBeInstanceOf(PeerGone);
  await expect(peer.request('b', {})).rejects.toBeInstanceOf(PeerGone);
});
