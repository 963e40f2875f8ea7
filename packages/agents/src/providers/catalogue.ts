import type { ProviderConfig } from '@boocode/contracts/config-file.ts';

/** An agent that can be added with one click: its entry for config.json, and what was seen of exactly this version. */
export interface CatalogueAgent {
  readonly id: string;
  readonly package: string;
  readonly version: string;
  readonly testedOn: string;
  readonly proven: string;
  readonly provider: ProviderConfig;
}

/** Only what was installed and run; an entry of a built-in agent says with which version that was. */
export const CATALOGUE: readonly CatalogueAgent[] = [];
