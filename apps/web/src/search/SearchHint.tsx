import { RetryLine } from '../ui/RetryLine.tsx';

/** What can be done while there is nothing to show. `onAgain`: it is a failure, and this tries once more. */
export function SearchHint({ text, onAgain }: { text: string; onAgain?: () => void }) {
  if (onAgain === undefined) return <p className="p-4 text-13 text-fg-1">{text}</p>;
  return (
    <div className="p-3">
      <RetryLine message={text} onRetry={onAgain} />
    </div>
  );
}
