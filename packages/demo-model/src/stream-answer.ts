import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Answer, Segment } from './answer.ts';
import type { AnswerFacts, AnswerWriter, Wire } from './answer-writer.ts';
import type { Fault } from './directive.ts';
import { faultStatus } from './fault.ts';

/** Sends an answer as server-sent events, one chunk per token, at the asked pace. Returns when all is sent or the client has gone. */
export async function streamAnswer(response: ServerResponse, answer: Answer, wire: Wire, facts: AnswerFacts): Promise<void> {
  const first = answer.segments[0];
  if (first?.type === 'hang') return clientGone(response);
  if (first?.type === 'fault' && sendPlainFault(response, first.fault, wire, facts)) return;
  const writer = wire.startWriter(response, facts);
  for (const segment of answer.segments) {
    if (response.destroyed || response.writableEnded) return;
    await sendSegment(writer, segment);
    if (segment.type === 'fault') return;
  }
  if (response.destroyed || response.writableEnded) return;
  answer.calls.forEach((call, index) => writer.call(call, index));
  writer.finish(answer.calls.length > 0 ? 'tool_calls' : 'stop');
}

async function sendSegment(writer: AnswerWriter, segment: Segment): Promise<void> {
  switch (segment.type) {
    case 'text':
    case 'reasoning':
      return sendPaced(writer, segment.pieces.length, segment.perSecond, (index) => writer.token(segment.type, segment.pieces[index] ?? ''));
    case 'stream':
      return sendPaced(writer, segment.tokens, segment.perSecond, (index) => writer.token('text', tokenText(index, segment.stamped)));
    case 'stall':
      return stall(writer, segment.ms);
    case 'hang':
      return clientGone(writer.response);
    case 'fault':
      return writer.fault(segment.fault);
  }
}

/** Token N is `N ` (or `N@<send time, ms since the epoch> `), so that a reader can prove that none was lost, doubled or reordered. */
function tokenText(index: number, stamped: boolean): string {
  return stamped ? `${index}@${(performance.timeOrigin + performance.now()).toFixed(3)} ` : `${index} `;
}

const BATCH = 64;

/** Sends `count` tokens, each when its time has come; one timer at a time, and those that are late go out in one write. */
async function sendPaced(writer: AnswerWriter, count: number, perSecond: number | null, send: (index: number) => void): Promise<void> {
  const startedAt = performance.now();
  let sent = 0;
  while (sent < count && !writer.response.destroyed) {
    const due = perSecond === null ? sent + BATCH : Math.floor(((performance.now() - startedAt) * perSecond) / 1_000) + 1;
    const end = Math.min(count, due);
    const hasRoom = writer.corked(() => {
      for (; sent < end; sent += 1) send(sent);
    });
    if (sent >= count) return;
    if (!hasRoom) await drained(writer.response);
    else if (perSecond === null) await new Promise((resolve) => setImmediate(resolve));
    else await pause(writer.response, Math.max(1, startedAt + (sent * 1_000) / perSecond - performance.now()));
  }
}

async function stall(writer: AnswerWriter, ms: number | null): Promise<void> {
  writer.open();
  const beat = setInterval(() => writer.keepAlive(), writer.facts.keepAliveMs);
  try {
    await (ms === null ? clientGone(writer.response) : pause(writer.response, ms));
  } finally {
    clearInterval(beat);
  }
}

/** Answers without streaming. Pace and stalls are kept; the tokens come together. */
export async function sendWhole(response: ServerResponse, answer: Answer, wire: Wire, facts: AnswerFacts): Promise<void> {
  const said = { text: '', reasoning: '' };
  for (const segment of answer.segments) {
    if (response.destroyed) return;
    if (segment.type === 'fault' && sendPlainFault(response, segment.fault, wire, facts)) return;
    if (segment.type === 'fault') return void response.destroy();
    if (segment.type === 'hang') return clientGone(response);
    if (segment.type === 'stall') await (segment.ms === null ? clientGone(response) : pause(response, segment.ms));
    else if (segment.type === 'stream') said.text += Array.from({ length: segment.tokens }, (_, index) => tokenText(index, segment.stamped)).join('');
    else said[segment.type] += segment.pieces.join('');
  }
  if (!response.destroyed) sendJson(response, 200, wire.wholeBody({ ...said, calls: answer.calls }, facts));
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify(body));
}

/** Faults that are seen before a stream begins. False = this one needs a stream. */
function sendPlainFault(response: ServerResponse, fault: Fault, wire: Wire, facts: AnswerFacts): boolean {
  if (fault === 'reset') {
    response.destroy();
    return true;
  }
  if (fault === 'content-type') {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
    response.end('<!doctype html><title>Welcome</title><p>This is a web page, not a model.');
    return true;
  }
  const status = faultStatus(fault);
  if (status === null) return false;
  sendJson(response, status, wire.faultBody(fault, facts));
  return true;
}

async function clientGone(response: ServerResponse): Promise<void> {
  if (!response.destroyed) await once(response, 'close');
}

async function drained(response: ServerResponse): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  response.once('drain', resolve).once('close', resolve);
  await promise;
  response.off('drain', resolve).off('close', resolve);
}

async function pause(response: ServerResponse, ms: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  response.once('close', resolve);
  await promise;
  clearTimeout(timer);
  response.off('close', resolve);
}
