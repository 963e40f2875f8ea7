import { expect, it } from 'vitest';
import { parseMcpFile } from './mcp-servers.ts';

it('reads servers of both kinds, fills in the environment, and tells what it cannot use', () => {
  const text = `{ // mine
    "mcpServers": {
      "files": { "command": "mcp-files", "args": ["--key={env:KEY}"], "env": { "A": "{env:ABSENT}" } },
      "far": { "url": "http://127.0.0.1:1/mcp", "headers": { "authorization": "Bearer {env:KEY}" } },
      "old": { "type": "sse", "url": "http://127.0.0.1:1/sse" },
      "broken": { "args": [] }
    }
  }`;
  expect(parseMcpFile(text, 'mcp.json', { KEY: 'k' })).toEqual({
    servers: [
      { name: 'files', type: 'stdio', command: 'mcp-files', args: ['--key=k'], env: { A: '' } },
      { name: 'far', type: 'http', url: 'http://127.0.0.1:1/mcp', headers: { authorization: 'Bearer k' } },
      { name: 'old', type: 'sse', url: 'http://127.0.0.1:1/sse', headers: {} },
    ],
    problems: [
      'mcp.json: the server "files" names the environment variable ABSENT, which is not set; it counts as empty',
      'mcp.json: the server "broken" needs a "command" or a "url"; it is left out',
    ],
  });
});

it.each(['{', '[]', '{"mcpServers": 1}'])('uses nothing of a file that is %s, and says so', (text) => {
  const { servers, problems } = parseMcpFile(text, 'mcp.json', {});
  expect([servers, problems.length]).toEqual([[], 1]);
});
