import type { KeyboardEvent } from 'react';

/** Arrow keys go from one button of a list of results to the next, and up again to the field above it. */
export function moveAmongButtons(event: KeyboardEvent<HTMLElement>): void {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
  const list = event.currentTarget.closest('[data-results], ul');
  const buttons = [...(list?.querySelectorAll<HTMLElement>('button, a[href]') ?? [])];
  const next = buttons[buttons.indexOf(event.currentTarget) + (event.key === 'ArrowDown' ? 1 : -1)];
  event.preventDefault();
  next?.focus();
}
