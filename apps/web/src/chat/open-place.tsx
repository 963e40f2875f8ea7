import { createContext } from 'react';

/** Opens something beside the chat: a kind of tab, and which one of its kind. */
export type OpenPlace = (kind: string, params: { readonly ref: string | null; readonly line?: number | undefined }) => void;

/** How the rows of a chat open files; null = there is nowhere to open them. */
export const OpenPlaceContext = createContext<OpenPlace | null>(null);
