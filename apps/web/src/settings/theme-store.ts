import type { ApiClient } from '@boocode/contracts/api-client.ts';
import { DEFAULT_SETTINGS, type Settings } from '@boocode/contracts/settings.ts';
import { ExternalStore } from '../live/external-store.ts';

export type ThemeId = Settings['theme_id'];

const KEY = 'boocode.theme';

/** The person's settings. A theme takes effect at once; the server keeps it, this device remembers it for the next first paint. */
export class ThemeStore {
  readonly settings = new ExternalStore<Settings>(DEFAULT_SETTINGS);
  readonly #api: ApiClient;
  readonly #prefersLight = matchMedia('(prefers-color-scheme: light)');

  constructor(api: ApiClient) {
    this.#api = api;
    this.#prefersLight.addEventListener('change', () => this.#paint());
  }

  async load(): Promise<void> {
    this.settings.set(await this.#api.getSettings());
    this.#paint();
  }

  async choose(theme_id: ThemeId): Promise<void> {
    this.settings.update((settings) => ({ ...settings, theme_id }));
    this.#paint();
    this.settings.set(await this.#api.patchSettings({ body: { theme_id } }));
  }

  #paint(): void {
    const { theme_id } = this.settings.get();
    const system = this.#prefersLight.matches ? 'chalk' : 'ember';
    document.documentElement.dataset['theme'] = theme_id === 'system' ? system : theme_id;
    localStorage.setItem(KEY, theme_id);
  }
}
