import type { Terminal } from '@xterm/xterm';

/**
 * Opens the terminal under the page's policy, which forbids style elements and style attributes made from strings; xterm's renderer uses both. The style
 * elements, all made while it opens, keep their rules in adopted style sheets instead, and spans set the attribute through the CSSOM: the policy allows both.
 */
export function openStrictly(terminal: Terminal, host: HTMLElement): void {
  allowStylesOfSpans();
  Object.defineProperty(document, 'createElement', { configurable: true, value: createStrictElement });
  try {
    terminal.open(host);
  } finally {
    Reflect.deleteProperty(document, 'createElement'); // the prototype's is there again
  }
}

/** For the whole page and for good: it does what the attribute would do. */
function allowStylesOfSpans(): void {
  if (Object.hasOwn(HTMLSpanElement.prototype, 'setAttribute')) return;
  HTMLSpanElement.prototype.setAttribute = function setAttribute(this: HTMLSpanElement, name: string, value: string): void {
    if (name === 'style') this.style.cssText = value;
    else Element.prototype.setAttribute.call(this, name, value);
  };
}

function createStrictElement(tag: string): HTMLElement {
  const element = Document.prototype.createElement.call(document, tag === 'style' ? 'template' : tag);
  return tag === 'style' ? adoptRules(element) : element;
}

/** Stands where the style element would: its text are the rules of a style sheet of the document, until it is removed. */
function adoptRules(element: HTMLElement): HTMLElement {
  const sheet = new CSSStyleSheet();
  Object.defineProperty(element, 'textContent', {
    set(rules: string) {
      sheet.replaceSync(rules);
      if (!document.adoptedStyleSheets.includes(sheet)) document.adoptedStyleSheets.push(sheet);
    },
  });
  element.remove = () => {
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((other) => other !== sheet);
    Element.prototype.remove.call(element);
  };
  return element;
}
