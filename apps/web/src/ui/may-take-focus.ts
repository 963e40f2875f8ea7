import { createContext } from 'react';

/** Whether what appears here may take the focus: not in a pane that another one has it from. */
export const MayTakeFocusContext = createContext(true);

/** Whether nobody is in the middle of something: walking through tabs, a menu or a dialog, or led to a question. */
export function isFocusFree(): boolean {
  return document.activeElement?.closest('[role="tablist"], [role="menu"], dialog, [role="separator"], [data-permission]') == null;
}
