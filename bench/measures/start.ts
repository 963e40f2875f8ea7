import { setTimeout as sleep } from 'node:timers/promises';
import { type Bench, type Measure, startBooCode, startRelay } from '../bench.ts';
import { atMost, compared, type Figure, figure } from '../figure.ts';
import { sendHttp } from '../http.ts';
import { memoryOf, memoryOfTree } from '../process-usage.ts';
import { median } from '../statistics.ts';

const STARTS = 7;
const REST_MS = 2_000;

/** From the start of the process to its first answer, with a home that has been used before, and what it takes when nothing happens. */
export const start: Measure = {
  name: 'start',
  title: `Start on a prepared home (median of ${STARTS}) and memory at rest`,
  async run(bench: Bench): Promise<readonly Figure[]> {
    await (await startBooCode(bench))[Symbol.asyncDispose]();
    const [ours, relays]: [number[], number[]] = [[], []];
    for (let round = 0; round < STARTS; round++) {
      ours.push(await timeStart(() => startBooCode(bench)));
      relays.push(await timeStart(() => startRelay(bench)));
    }
    return [compared('start to first healthy answer, database included', median(ours), median(relays), 'ms', atMost(1_000)), ...(await measureRest(bench))];
  },
};

async function timeStart(open: () => Promise<AsyncDisposable & { readonly url: string }>): Promise<number> {
  const startedAt = performance.now();
  await using server = await open();
  await sendHttp({ url: `${server.url}/api/health` }).catch(() => {}); // the relay has no such address; its refusal is an answer
  return performance.now() - startedAt;
}

async function measureRest(bench: Bench): Promise<readonly Figure[]> {
  await using server = await startBooCode(bench);
  await using relay = await startRelay(bench);
  const { database } = await server.api.status();
  await sleep(REST_MS);
  const [ours, relays] = [memoryOf(server.pid), memoryOf(relay.pid)];
  const postgres = database.pid === null ? null : memoryOfTree(database.pid);
  const beside = postgres === null ? [] : [figure(`PostgreSQL beside it, PSS of its ${postgres.processes} processes`, postgres.pssMb, 'MB')];
  return [
    compared('at rest, RSS of our process', ours.rssMb, relays.rssMb, 'MB', atMost(120)),
    compared('at rest, PSS of our process', ours.pssMb, relays.pssMb, 'MB'),
    ...beside,
  ];
}
