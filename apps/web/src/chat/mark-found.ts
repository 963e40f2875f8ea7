const MOST_MARKS = 500;

/** Not in a file of styles: the tool that shrinks those does not know this selector. */
const STYLES = `
  ::highlight(found) { background-color: var(--accent-soft); color: var(--accent-text); text-decoration: underline; }
  ::highlight(found-here) { background-color: var(--accent); color: var(--on-accent); }
`;

/** Every place in the drawn text of an element where the words stand. */
export function findRanges(root: Node, words: string): readonly Range[] {
  const wanted = words.toLowerCase();
  const ranges: Range[] = [];
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null && ranges.length < MOST_MARKS; node = walker.nextNode()) {
    const text = (node.nodeValue ?? '').toLowerCase();
    for (let at = text.indexOf(wanted); at >= 0 && wanted !== ''; at = text.indexOf(wanted, at + wanted.length)) {
      const range = document.createRange();
      range.setStart(node, at);
      range.setEnd(node, at + wanted.length);
      ranges.push(range);
    }
  }
  return ranges;
}

/** Marks without touching the document; a browser without highlights still goes to the place. Returns how to take the marks away. */
export function markRanges(name: 'found' | 'found-here', ranges: readonly Range[]): () => void {
  if (!('highlights' in CSS)) return () => undefined;
  const marks = CSS.highlights.get(name) ?? startMarks(name);
  for (const range of ranges) marks.add(range);
  return () => {
    for (const range of ranges) marks.delete(range);
  };
}

function startMarks(name: string): Highlight {
  if (CSS.highlights.size === 0) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLES);
    document.adoptedStyleSheets.push(sheet);
  }
  const marks = new Highlight();
  CSS.highlights.set(name, marks);
  return marks;
}
