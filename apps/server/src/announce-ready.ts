import type { Config } from './config.ts';
import type { ModelRegistry } from './providers/model-registry.ts';

export interface Ready {
  readonly config: Config;
  readonly url: string;
  /** With a one-time code. */
  readonly link: string;
  readonly token: string;
  readonly problems: readonly { readonly code: string; readonly text: string }[];
  readonly models: ModelRegistry;
}

/** Says on stdout where the server is, then, when it is known, which model servers there are. `--json`: one line for programs. */
export function announceReady({ config, url, link, token, problems, models }: Ready): void {
  const print = (text: string): void => void process.stdout.write(`${text}\n`);
  if (config.json) print(JSON.stringify({ url, token, pid: process.pid }));
  else {
    for (const problem of problems) print(`! ${problem.text}`);
    print(`BooCode is ready at ${link}`);
  }
  void models.refresh().then(() => {
    void models.defaultId().catch(() => {}); // warms what the first turn asks for; it explains itself there
    if (!config.json) for (const line of describeModels(models)) print(line);
  });
}

function describeModels(models: ModelRegistry): string[] {
  const { items, servers } = models.list();
  const real = servers.filter((server) => !server.demo);
  const lines = real.map((server) => {
    if (server.status !== 'ready') return `! ${server.message ?? `the model server ${server.url} is not ready`}`;
    const names = items.filter((model) => model.server === server.id).map((model) => model.name);
    return `  Model server ${server.url}: ${names.length === 0 ? 'no models' : names.slice(0, 5).join(', ')}${names.length > 5 ? ` and ${names.length - 5} more` : ''}`;
  });
  if (real.length > 0) return lines;
  return [
    '  No model server found on this machine: the built-in demo model stands in, so that you can try BooCode at once.',
    '  Start yours (llama-swap, llama.cpp, Ollama, ...) or name it with BOOCODE_MODEL_URL or in config.json.',
  ];
}
