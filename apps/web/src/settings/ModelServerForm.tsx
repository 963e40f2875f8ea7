import type { ConfigView, ModelServerView } from '@boocode/contracts/config-view.ts';
import { type FormEvent, type ReactNode, useId, useReducer, useState } from 'react';
import { useLive } from '../live/live-context.tsx';
import { useAction } from '../live/use-action.ts';
import { ErrorLine } from '../ui/ErrorLine.tsx';

interface Fields {
  readonly id: string;
  readonly url: string;
  /** '' = as it is. */
  readonly key: string;
}

/** Adds a model server, or changes one. It can be tested before it is saved. */
export function ModelServerForm({
  server,
  onSaved,
  onCancel,
}: {
  server: ModelServerView | null;
  onSaved: (config: ConfigView) => void;
  onCancel: () => void;
}) {
  const { api } = useLive();
  const action = useAction();
  const [fields, set] = useReducer((now: Fields, next: Partial<Fields>): Fields => ({ ...now, ...next }), {
    id: server?.id ?? '',
    url: server?.url ?? '',
    key: '',
  });
  const [verdict, setVerdict] = useState<string | null>(null);
  const isComplete = /^[a-z0-9][a-z0-9-]{0,39}$/.test(fields.id) && /^https?:\/\/./.test(fields.url.trim());
  const given = { url: fields.url.trim(), ...(fields.key === '' ? {} : { key: fields.key }) };
  const test = () =>
    void action.run(async () => {
      setVerdict(null);
      const { ok, message, models, ms } = await api.testModelServer({ params: { id: fields.id }, body: { server: given } });
      if (!ok) throw new Error(message ?? 'The server does not answer');
      setVerdict(
        `It answers in ${ms} ms: ${
          models.length === 0
            ? 'no models'
            : models
                .map((model) => model.id)
                .slice(0, 6)
                .join(', ')
        }`,
      );
    });
  const save = (event: FormEvent) => {
    event.preventDefault();
    if (isComplete) void action.run(async () => onSaved(await api.patchModelServers({ body: { id: fields.id, server: given } })));
  };
  return (
    <form onSubmit={save} className="space-y-3" aria-label={server === null ? 'Add a model server' : `Change ${server.id}`}>
      <div className="grid gap-3 md:grid-cols-[180px_minmax(0,1fr)]">
        <Field label="Name" hint="Lower-case letters, digits, dashes">
          {(props) => (
            <input
              {...props}
              className="field"
              disabled={server !== null}
              placeholder="home"
              autoCapitalize="off"
              value={fields.id}
              maxLength={40}
              onChange={(event) => set({ id: event.target.value })}
            />
          )}
        </Field>
        <Field label="Address" hint="It usually ends in /v1">
          {(props) => (
            <input
              {...props}
              className="field font-mono"
              type="url"
              placeholder="http://127.0.0.1:8080/v1"
              value={fields.url}
              maxLength={2_000}
              onChange={(event) => set({ url: event.target.value })}
            />
          )}
        </Field>
      </div>
      <Field
        label="Key"
        hint={server?.key == null ? 'Only if the server asks for one. {env:NAME} takes it from the environment' : 'Leave it empty to keep the one that is set'}
      >
        {(props) => (
          <input
            {...props}
            className="field font-mono"
            type="password"
            autoComplete="off"
            placeholder={server?.key ?? ''}
            value={fields.key}
            maxLength={4_000}
            onChange={(event) => set({ key: event.target.value })}
          />
        )}
      </Field>
      <div className="flex flex-wrap gap-2">
        <button type="submit" className="btn btn-primary" disabled={!isComplete || action.isBusy}>
          Save
        </button>
        <button type="button" className="btn btn-line" disabled={!isComplete || action.isBusy} onClick={test}>
          {action.isBusy ? 'Asking' : 'Test'}
        </button>
        <button type="button" className="btn" onClick={onCancel}>
          Cancel
        </button>
      </div>
      <p role="status" className="text-13 text-ok [overflow-wrap:anywhere] empty:hidden">
        {verdict}
      </p>
      <ErrorLine message={action.message} />
    </form>
  );
}

interface FieldProps {
  readonly id: string;
  readonly 'aria-describedby': string;
  readonly spellCheck: false;
}

function Field({ label, hint, children }: { label: string; hint: string; children: (props: FieldProps) => ReactNode }) {
  const id = useId();
  return (
    <div>
      <label htmlFor={id} className="mb-1 block font-medium">
        {label}
      </label>
      {children({ id, 'aria-describedby': `${id}-hint`, spellCheck: false })}
      <p id={`${id}-hint`} className="mt-1 text-12 text-fg-2">
        {hint}
      </p>
    </div>
  );
}
