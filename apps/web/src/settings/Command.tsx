import { CopyButton } from '../ui/CopyButton.tsx';

/** Something to type in a terminal. */
export function Command({ label, text }: { label: string; text: string }) {
  return (
    <div className="flex items-start gap-2 rounded-m border border-line-2 bg-bg-1 px-2 py-1">
      <code className="min-w-0 flex-1 py-0.5 font-mono text-12 [overflow-wrap:anywhere]">{text}</code>
      <CopyButton text={text} label={`Copy: ${label}`} />
    </div>
  );
}
