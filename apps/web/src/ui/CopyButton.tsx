import { Check, Copy } from 'lucide-react';
import { useState } from 'react';

/** Copies a text; absent where the browser forbids it (plain http on another machine). */
export function CopyButton({ text, label }: { text: string; label: string }) {
  const [isCopied, setIsCopied] = useState(false);
  if (!window.isSecureContext) return null;
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setIsCopied(true);
    setTimeout(() => setIsCopied(false), 1_500);
  };
  return (
    <button type="button" className="btn btn-icon btn-tiny" aria-label={isCopied ? 'Copied' : label} title={label} onClick={() => void copy()}>
      {isCopied ? <Check size={14} className="text-ok" /> : <Copy size={14} />}
    </button>
  );
}
