import type { ProviderConfig } from '@boocode/contracts/config-file.ts';
import { changeConfigText, editConfigText, readSection } from './edit-config-text.ts';

const SECTION = 'providers';

/** The text of config.json with one provider added, replaced or removed (null). Everything else stays. Throws a sentence when the text cannot be read. */
export function editProvider(text: string, id: string, provider: ProviderConfig | null): string {
  return editConfigText(text, (whole) => {
    const isKnown = readSection(whole, SECTION).has(id);
    if (provider === null) return isKnown ? changeConfigText(whole, [SECTION, id], undefined) : null;
    const next = changeConfigText(whole, [SECTION, id], provider);
    readSection(next, SECTION);
    return next;
  });
}
