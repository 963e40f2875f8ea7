import { expect, it } from 'vitest';
import { Terminal } from './terminal.ts';

function sink(isTTY: boolean) {
  const written: string[] = [];
  return { isTTY, columns: 100, written, write: (text: string) => written.push(text) };
}

it.each([
  [true, {}, true],
  [true, { NO_COLOR: '1' }, false],
  [true, { TERM: 'dumb' }, false],
  [false, {}, false],
  [false, { FORCE_COLOR: '1' }, true],
  [true, { FORCE_COLOR: '0' }, false],
  [false, { FORCE_COLOR: '1', NO_COLOR: '1' }, true],
])('on a terminal: %j, with %j, colour is %j', (isTerminal, env, hasColour) => {
  expect(new Terminal(sink(isTerminal), env).hasColour).toBe(hasColour);
});

it('a status line is wiped by the next write, and does not exist off a terminal', () => {
  const [on, off] = [sink(true), sink(false)];
  for (const one of [on, off]) {
    const terminal = new Terminal(one, { NO_COLOR: '1' });
    terminal.showStatus('busy');
    terminal.showStatus('busy');
    terminal.line('done');
  }
  expect(on.written).toEqual(['\rbusy\u001b[K', '\r\u001b[K', 'done\n']);
  expect(off.written).toEqual(['done\n']);
});

it('the width is that of the terminal, 80 off one', () => {
  expect([new Terminal(sink(true), {}).width, new Terminal(sink(false), {}).width]).toEqual([100, 80]);
});
