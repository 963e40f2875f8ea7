/** Splits highlighted HTML into lines; a span that goes over a line's end is closed there and opened again on the next. */
export function splitHighlightedLines(html: string): readonly string[] {
  let open: string[] = [];
  return html.split('\n').map((line) => {
    const prefix = open.join('');
    open = openSpans(line, open);
    return prefix + line + '</span>'.repeat(open.length);
  });
}

function openSpans(line: string, before: readonly string[]): string[] {
  const open = [...before];
  for (const [tag] of line.matchAll(/<span[^>]*>|<\/span>/g)) {
    if (tag === '</span>') open.pop();
    else open.push(tag);
  }
  return open;
}
