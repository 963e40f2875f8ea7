import { useState } from 'react';

/** Asks once more before it removes, until the focus goes elsewhere. `what`: said to who cannot see what it stands beside. */
export function RemoveButton({ what, isBusy, onRemove }: { readonly what: string; readonly isBusy: boolean; readonly onRemove: () => void }) {
  const [isSure, setIsSure] = useState(false);
  return (
    <button
      type="button"
      className={`btn btn-small ${isSure ? 'btn-line text-bad' : ''}`}
      disabled={isBusy}
      onClick={() => (isSure ? onRemove() : setIsSure(true))}
      onBlur={() => setIsSure(false)}
    >
      {isSure ? 'Really remove' : 'Remove'}
      <span className="sr-only"> {what}</span>
    </button>
  );
}
