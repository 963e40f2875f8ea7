/** Puts the focus into the pane that has it in the layout: where one writes (unless that brings up a keyboard), or else on its tab. */
export function enterPane(area: HTMLElement | null): void {
  requestAnimationFrame(() => {
    const pane = area?.querySelector<HTMLElement>('[data-focused="true"]');
    const field = matchMedia('(pointer: fine)').matches ? pane?.querySelector<HTMLElement>('[id^="panel-"]:not([hidden]) textarea') : null;
    (field ?? pane?.querySelector<HTMLElement>('[role="tab"][aria-selected="true"], button'))?.focus();
  });
}
