import { Agent, request } from 'node:http';

/** Kept connections, as browsers and the command line keep theirs. */
const agent = new Agent({ keepAlive: true });

export interface HttpRequest {
  readonly url: string;
  readonly method?: 'GET' | 'POST';
  readonly token?: string;
  readonly body?: unknown;
}

/** The parsed answer; rejects for any status that is not 2xx. The same code for BooCode and the relay. */
export async function sendHttp({ url, method = 'GET', token, body }: HttpRequest): Promise<unknown> {
  const text = body === undefined ? null : JSON.stringify(body);
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  const headers = {
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...(text === null ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
  };
  const asked = request(url, { method, agent, headers }, (response) => {
    const chunks: Buffer[] = [];
    response.on('data', (chunk: Buffer) => chunks.push(chunk));
    response.once('error', reject).once('end', () => {
      const answer = Buffer.concat(chunks).toString('utf8');
      const isGood = response.statusCode !== undefined && response.statusCode >= 200 && response.statusCode < 300;
      if (isGood) resolve(JSON.parse(answer));
      else reject(new Error(`${method} ${url} was answered with ${response.statusCode}: ${answer.slice(0, 300)}`));
    });
  });
  asked.once('error', reject);
  asked.end(text ?? undefined);
  return promise;
}
