import type { ApiClient } from '@boocode/contracts/api-client.ts';
import { sentenceOf } from '../live/use-action.ts';
import { keepDeviceToken, readDeviceToken } from './device-token.ts';

/** Whether this device may come in; when not, why, in a sentence (null = it never had a link). */
export type Door = { readonly isOpen: true } | { readonly isOpen: false; readonly reason: string | null };

/** Takes the one-time code out of the address, exchanges it, and falls back to the token this device already has. */
export async function openDoor(api: ApiClient): Promise<Door> {
  const code = takeCode();
  if (code === null) return readDeviceToken() === null ? { isOpen: false, reason: null } : { isOpen: true };
  try {
    const { token } = await api.exchangeCode({ body: { code } });
    keepDeviceToken(token);
    return { isOpen: true };
  } catch (error) {
    return readDeviceToken() === null ? { isOpen: false, reason: sentenceOf(error) } : { isOpen: true };
  }
}

function takeCode(): string | null {
  const code = new URLSearchParams(location.hash.slice(1)).get('code');
  if (code !== null) history.replaceState(null, '', location.pathname + location.search);
  return code;
}
