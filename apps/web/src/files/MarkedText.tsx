/** A text with some of its places marked; `ranges` are [start, end) in order. */
export function MarkedText({ text, ranges }: { text: string; ranges: readonly (readonly [number, number])[] }) {
  let end = 0;
  const pieces = ranges.map(([from, to]) => {
    const before = text.slice(end, from);
    end = Math.max(end, to);
    return { from, before, marked: text.slice(from, to) };
  });
  return (
    <>
      {pieces.map((piece) => (
        <span key={piece.from}>
          {piece.before}
          <mark className="found">{piece.marked}</mark>
        </span>
      ))}
      {text.slice(end)}
    </>
  );
}
