/** The keys of an action, at the end of a menu's line. */
export function ShortcutHint({ keys }: { keys: string | null }) {
  if (keys === null) return null;
  return <span className="ml-auto shrink-0 pl-4 font-mono text-11 text-fg-1">{keys}</span>;
}
