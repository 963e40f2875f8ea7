/** A line as a reason quotes it. */
export function shorten(line: string): string {
  const text = line.trim();
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
