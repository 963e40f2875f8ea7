import type { Command } from '../command/command.ts';
import { loadServer } from '../connection/server-module.ts';

export const serve: Command = {
  name: 'serve',
  group: 'server',
  summary: 'Run the server in the foreground',
  args: [],
  options: {
    host: { value: 'HOST', summary: 'Address to listen on (default 127.0.0.1)' },
    port: { value: 'PORT', range: [0, 65_535], summary: 'Port to listen on, 0 for any free one (default 9500)' },
    'no-open': { summary: 'Do not open a browser' },
    json: { summary: 'Print {url, token, pid} as the first line' },
  },
  async run(context, given) {
    const server = await loadServer();
    const [host, port] = [given.text('host'), given.text('port')];
    const argv = [
      ...(host === null ? [] : ['--host', host]),
      ...(port === null ? [] : ['--port', port]),
      ...(given.has('no-open') ? ['--no-open'] : []),
      ...(given.has('json') ? ['--json'] : []),
    ];
    return server.main(argv, context.env);
  },
};
