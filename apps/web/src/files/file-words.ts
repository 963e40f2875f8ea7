/** A size for people: "840 bytes", "12 KB", "3.4 MB". */
export function fileSize(bytes: number): string {
  if (bytes < 1_000) return `${bytes} bytes`;
  if (bytes < 1_000_000) return `${Math.round(bytes / 1_000)} KB`;
  if (bytes < 1_000_000_000) return `${(bytes / 1_000_000).toFixed(1)} MB`;
  return `${(bytes / 1_000_000_000).toFixed(1)} GB`;
}

/** The line that the end of an address names: `#L10`. */
export function lineOfHash(hash: string): number | null {
  const line = Number(/^#L(\d{1,7})$/.exec(hash)?.[1] ?? 0);
  return line >= 1 ? line : null;
}
