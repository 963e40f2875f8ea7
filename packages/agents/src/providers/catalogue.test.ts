import { ProviderConfig } from '@boocode/contracts/config-file.ts';
import { CatalogueEntry, ProviderName } from '@boocode/contracts/provider.ts';
import { expect, it } from 'vitest';
import { CATALOGUE } from './catalogue.ts';
import { configuredProviders } from './configured-providers.ts';

it.each(CATALOGUE)('$id can be added as it stands, and names one version and what was seen of it', ({ provider, ...entry }) => {
  expect(ProviderConfig.parse(provider)).toEqual(provider);
  expect(CatalogueEntry.parse({ ...entry, installHint: '', isAdded: false })).toMatchObject(entry);
  expect(ProviderName.parse(entry.id)).toBe(entry.id);
  expect([/^\d+\.\d+\.\d+$/.test(entry.version), entry.proven.length > 20]).toEqual([true, true]);
  const { providers, rejected } = configuredProviders({ [entry.id]: provider }, { claudeSdk: false });
  expect([providers.find(({ id }) => id === entry.id)?.label, rejected.size]).toEqual([entry.label, 0]);
});

it('has each agent once', () => {
  const ids = CATALOGUE.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
});
