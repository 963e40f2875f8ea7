const PATIENCE_MS = 10_000;

/** Goes to a page of ours, as a link would, and to the question that its `#ask=` names. */
export function openPath(path: string): void {
  if (!path.startsWith('/') || path.startsWith('//')) return;
  history.pushState(null, '', path);
  dispatchEvent(new PopStateEvent('popstate'));
  focusAskedQuestion();
}

/** Puts the focus on the question that the address names, as soon as it is there. */
export function focusAskedQuestion(): void {
  const id = new URLSearchParams(location.hash.slice(1)).get('ask');
  if (id === null || !/^[0-9a-f-]{36}$/.test(id)) return;
  const find = () => document.querySelector<HTMLElement>(`[data-permission="${id}"]`);
  const focus = () => {
    const card = find();
    card?.scrollIntoView({ block: 'center' });
    card?.focus();
    return card !== null && document.activeElement === card; // a row that is not measured yet is hidden, and takes no focus
  };
  if (focus()) return;
  const observer = new MutationObserver(() => focus() && observer.disconnect());
  observer.observe(document.body, { childList: true, subtree: true, attributeFilter: ['style'] });
  const giveUp = () => observer.disconnect();
  setTimeout(giveUp, PATIENCE_MS);
  // Whoever has begun to type goes on where they are: no key of theirs may fall on the question.
  for (const type of ['keydown', 'pointerdown']) addEventListener(type, giveUp, { capture: true, once: true });
}
