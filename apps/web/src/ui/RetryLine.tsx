import { ErrorLine } from './ErrorLine.tsx';

/** What could not be read, in a sentence, with a button that tries it again. */
export function RetryLine({ message, onRetry }: { message: string | null; onRetry: () => void }) {
  return (
    <ErrorLine message={message}>
      <button type="button" className="btn btn-small btn-line" onClick={onRetry}>
        Try again
      </button>
    </ErrorLine>
  );
}
