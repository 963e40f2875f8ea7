import type { ApiClient } from '@boocode/contracts/api-client.ts';
import { DEFAULT_SETTINGS, type PatchSettings, type Settings } from '@boocode/contracts/settings.ts';
import { ExternalStore } from '../live/external-store.ts';

export type ThemeId = Settings['theme_id'];

const KEY = 'boocode.theme';
const MOTION_KEY = 'boocode.motion';

/** The person's settings. A choice takes effect at once; the server keeps it, this device remembers what the next first paint needs. */
export class ThemeStore {
  readonly settings = new ExternalStore<Settings>(DEFAULT_SETTINGS);
  readonly #api: ApiClient;
  readonly #prefersLight = matchMedia('(prefers-color-scheme: light)');
  readonly #prefersContrast = matchMedia('(prefers-contrast: more)');

  constructor(api: ApiClient) {
    this.#api = api;
    for (const query of [this.#prefersLight, this.#prefersContrast]) query.addEventListener('change', () => this.#paint());
  }

  async load(): Promise<void> {
    this.settings.set(await this.#api.getSettings());
    this.#paint();
  }

  choose(theme_id: ThemeId): Promise<void> {
    return this.change({ theme_id });
  }

  /** Changes settings: here at once, and on the server. When that refuses, what it has holds again and the promise rejects. */
  async change(patch: PatchSettings): Promise<void> {
    const chosen = Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
    this.settings.update((settings) => ({ ...settings, ...chosen }));
    this.#paint();
    this.settings.set(await this.#api.patchSettings({ body: patch }));
    this.#paint();
  }

  #paint(): void {
    const { theme_id, reduce_motion } = this.settings.get();
    const root = document.documentElement.dataset;
    root['theme'] = theme_id === 'system' ? this.#systemTheme() : theme_id;
    root['motion'] = reduce_motion;
    localStorage.setItem(KEY, theme_id);
    localStorage.setItem(MOTION_KEY, reduce_motion);
  }

  #systemTheme(): string {
    if (this.#prefersContrast.matches) return 'beacon';
    return this.#prefersLight.matches ? 'chalk' : 'ember';
  }
}
