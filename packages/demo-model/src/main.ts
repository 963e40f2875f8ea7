import { parseArgs } from 'node:util';
import { startDemoModel } from './demo-model.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    host: { type: 'string', default: '127.0.0.1' },
    'context-size': { type: 'string', default: '131072' },
    'tokens-per-second': { type: 'string' },
    'keep-requests': { type: 'string', default: '0' },
  },
});

const model = await startDemoModel({
  port: Number(values.port),
  host: values.host,
  contextSize: Number(values['context-size']),
  tokensPerSecond: values['tokens-per-second'] === undefined ? null : Number(values['tokens-per-second']),
  keepRequests: Number(values['keep-requests']),
});
process.stdout.write(`${model.url}\n`);

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    void model.close();
  });
}
