import { forgetDeviceToken } from '../door/device-token.ts';
import { forgetChatCache } from './chat-cache.ts';
import { forgetUserCache } from './user-cache.ts';

/** Signs this device out: its token and what it kept of the server's data go. What a person typed stays. */
export function forgetDevice(): void {
  forgetDeviceToken();
  forgetUserCache(localStorage);
  forgetChatCache();
}
