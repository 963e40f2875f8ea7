import { ErrorLine } from '../ui/ErrorLine.tsx';

/** What can be done while there is nothing to show. */
export function SearchHint({ text, isFailure = false }: { text: string; isFailure?: boolean }) {
  if (!isFailure) return <p className="p-4 text-13 text-fg-1">{text}</p>;
  return (
    <div className="p-3">
      <ErrorLine message={text} />
    </div>
  );
}
