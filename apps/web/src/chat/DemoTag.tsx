/** Marks the built-in demo model wherever it appears. */
export function DemoTag() {
  return <span className="shrink-0 rounded-s border border-line-2 px-1 text-11 font-medium text-fg-1">demo</span>;
}
