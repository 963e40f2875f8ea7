// Run by an agent's hook: passes on what the hook says, and never disturbs the agent, whatever happens.
import { env } from 'node:process';

const { BOO_NOTIFY_URL: url, BOO_NOTIFY_TOKEN: token } = env;
const [, , vendor = 'unknown', argument] = process.argv;
const LIMIT_MS = 5_000;

/** Some agents give what they say as the last argument, others on the standard input. */
async function readEvent() {
  if (argument !== undefined) return JSON.parse(argument);
  let text = '';
  for await (const chunk of process.stdin.setEncoding('utf8')) text += chunk;
  return JSON.parse(text);
}

setTimeout(() => process.exit(0), LIMIT_MS);
try {
  if (url && token) {
    await fetch(url, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ vendor, event: await readEvent() }),
    });
  }
} catch {
  // nobody listens: the agent goes on
}
process.exit(0);
