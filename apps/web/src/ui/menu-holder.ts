import { createContext } from 'react';

/** Where menus are put: in an open dialog, because all else is out of reach then; null = at the end of the page. */
export const MenuHolderContext = createContext<HTMLElement | null>(null);
