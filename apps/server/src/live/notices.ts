import type { Hub } from './hub.ts';

/** What is wrong with the server itself, for banners and `boocode status`: one sentence per code. */
export class Notices {
  readonly #hub: Hub;
  readonly #byCode = new Map<string, string>();

  constructor(hub: Hub) {
    this.#hub = hub;
  }

  /** Sets a notice, or takes it back with null. Says it to every screen when it changed. */
  set(code: string, text: string | null): void {
    if ((this.#byCode.get(code) ?? null) === text) return;
    if (text === null) this.#byCode.delete(code);
    else this.#byCode.set(code, text);
    this.#hub.publish('user', { type: 'server_notice', code, text });
  }

  list(): { code: string; text: string }[] {
    return [...this.#byCode].map(([code, text]) => ({ code, text }));
  }
}
