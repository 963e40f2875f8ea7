import { CopyButton } from '../ui/CopyButton.tsx';
import { Westie, Wordmark } from '../ui/Westie.tsx';

/** Shown to a device without a valid token: how to get a fresh link. */
export function DoorPage({ reason }: { reason: string | null }) {
  return (
    <main className="grid h-dvh place-content-center p-6">
      <div className="flex w-full max-w-[420px] flex-col items-center gap-4 text-center">
        <Westie size={96} />
        <Wordmark className="text-24" />
        <h1 className="text-18 font-semibold">This browser needs a fresh link</h1>
        <p className="text-14 text-fg-1">{reason ?? 'BooCode lets in only devices that came through its one-time link.'}</p>
        <div className="w-full space-y-2 text-left">
          <p className="text-13 text-fg-1">On the machine that runs BooCode, in its folder:</p>
          <Command text="npm start -- open" />
          <p className="text-13 text-fg-1">or, where the command is installed:</p>
          <Command text="boocode open" />
        </div>
        <p className="text-12 text-fg-2">The link works once, for ten minutes. Afterwards this browser is remembered.</p>
      </div>
    </main>
  );
}

function Command({ text }: { text: string }) {
  return (
    <div className="well flex min-h-10 items-center justify-between pr-1.5 pl-3">
      <code className="font-mono text-13">
        <span className="text-fg-2 select-none">$ </span>
        {text}
      </code>
      <CopyButton text={text} label="Copy the command" />
    </div>
  );
}
