const scrolled = new WeakMap<HTMLElement, Map<Element, number>>();
const focused = new WeakMap<HTMLElement, Element>();

/** The element of a tab. It remembers how far everything in it is scrolled, and what has the focus: an element that changes its place on the page forgets that. */
export function createTabBody(): HTMLElement {
  const body = document.createElement('div');
  body.className = 'flex min-h-0 min-w-0 flex-1 flex-col';
  const tops = new Map<Element, number>();
  scrolled.set(body, tops);
  body.addEventListener('scroll', ({ target }) => target instanceof Element && tops.set(target, target.scrollTop), { capture: true, passive: true });
  body.addEventListener('focusin', ({ target }) => target instanceof Element && focused.set(body, target));
  body.addEventListener('focusout', () => body.isConnected && document.hasFocus() && focused.delete(body));
  return body;
}

/** After it was put elsewhere. */
export function restorePlace(body: HTMLElement): void {
  const last = focused.get(body);
  if (document.activeElement === document.body && last instanceof HTMLElement && body.contains(last)) last.focus({ preventScroll: true });
  for (const [element, top] of scrolled.get(body) ?? []) {
    if (body.contains(element)) element.scrollTop = top;
    else scrolled.get(body)?.delete(element);
  }
}
