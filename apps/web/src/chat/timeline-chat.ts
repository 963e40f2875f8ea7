import type { ChatId } from '@boocode/contracts/ids.ts';
import { createContext } from 'react';

/** The chat whose timeline a row stands in. */
export const TimelineChatContext = createContext<ChatId | null>(null);
