import type { ModelServerTest } from '@boocode/contracts/config-view.ts';
import { Check } from 'lucide-react';
import { type FormEvent, useReducer } from 'react';
import { Link } from 'wouter';
import { useLive } from '../live/live-context.tsx';
import { useAction } from '../live/use-action.ts';
import { ErrorLine } from '../ui/ErrorLine.tsx';
import { serverName } from './start-checks-state.ts';

interface Asked {
  readonly url: string;
  /** What this address answered. */
  readonly test: ModelServerTest | null;
}

/** An address of one's own: it is asked first, and used when it answers. */
export function ServerAddressForm({ known }: { known: readonly string[] }) {
  const { api, user } = useLive();
  const action = useAction();
  const [{ url, test }, set] = useReducer((now: Asked, next: Partial<Asked>): Asked => ({ ...now, ...next }), { url: '', test: null });
  const address = url.trim();
  const isAddress = /^https?:\/\/./.test(address);
  const ask = (event: FormEvent) => {
    event.preventDefault();
    if (!isAddress || action.isBusy) return;
    void action.run(async () => {
      set({ test: null });
      const answer = await api.testModelServer({ params: { id: serverName(known) }, body: { server: { url: address } } });
      if (!answer.ok) throw new Error(capitalised(answer.message ?? 'the server does not answer: is it started, and is the port right?'));
      set({ test: answer });
    });
  };
  const use = () =>
    void action.run(async () => {
      await api.patchModelServers({ body: { id: serverName(known), server: { url: address } } });
      await user.loadModels();
    });
  return (
    <form onSubmit={ask} className="space-y-2" aria-label="Another address">
      <label htmlFor="server-address" className="block text-13 font-medium">
        Is it somewhere else?
      </label>
      <div className="flex flex-wrap gap-2">
        <input
          id="server-address"
          className="field min-w-0 flex-1 basis-56 font-mono"
          type="url"
          inputMode="url"
          placeholder="http://192.168.1.20:8080/v1"
          aria-describedby="server-address-hint"
          autoComplete="off"
          spellCheck={false}
          maxLength={2_000}
          value={url}
          onChange={(event) => set({ url: event.target.value, test: null })}
        />
        <button type="submit" className="btn btn-line" disabled={!isAddress || action.isBusy}>
          {action.isBusy && test === null ? 'Asking' : 'Test'}
        </button>
      </div>
      <p id="server-address-hint" className="text-12 text-fg-2">
        It usually ends in /v1.{' '}
        <Link href="/settings#model-servers" className="rounded-s text-fg-1 underline decoration-line-2 underline-offset-3 hover:decoration-current">
          A server with a key is set up in the settings
        </Link>
        .
      </p>
      <div role="status" className="empty:hidden">
        {test === null ? null : (
          <span className="flex flex-wrap items-center gap-2 text-13">
            <Check size={15} className="shrink-0 text-ok" />
            <span className="min-w-0 flex-1 [overflow-wrap:anywhere]">
              It answers in {test.ms} ms with{' '}
              {test.models.length === 0
                ? 'no models yet'
                : test.models
                    .map((model) => model.id)
                    .slice(0, 4)
                    .join(', ')}
            </span>
            <button type="button" className="btn btn-primary" disabled={action.isBusy} onClick={use}>
              Use this server
            </button>
          </span>
        )}
      </div>
      <ErrorLine message={action.message} />
    </form>
  );
}

function capitalised(sentence: string): string {
  return sentence.slice(0, 1).toUpperCase() + sentence.slice(1);
}
