import type { ModelServerPatch } from '@boocode/contracts/config-view.ts';
import { BooError } from '@boocode/contracts/error-code.ts';
import { changeConfigText, editConfigText, readSection } from './edit-config-text.ts';

const SECTION = 'modelServers';

/**
 * The text of config.json with one model server added, changed or removed (`patch` null). Comments, order and everything else stay. Throws a sentence
 * when the text cannot be read: then nothing may be written.
 */
export function editModelServer(text: string, id: string, patch: ModelServerPatch | null): string {
  return editConfigText(text, (whole) => {
    const known = readSection(whole, SECTION);
    if (patch === null) return known.has(id) ? changeConfigText(whole, [SECTION, id], undefined) : null;
    if (patch.url === undefined && !known.has(id)) throw new BooError('invalid_request', `Cannot add the model server "${id}": it needs a "url"`);
    const fields = Object.entries(patch).filter(([field, value]) => value !== undefined && (value !== null || known.get(id)?.has(field) === true));
    const next = fields.reduce((now, [field, value]) => changeConfigText(now, [SECTION, id, field], value === null ? undefined : value), whole);
    readSection(next, SECTION);
    return next;
  });
}
