import type { RestorePreview, RestoreResult, RestoreWhat } from '@boocode/contracts/checkpoint.ts';
import type { CheckpointId, MessageId } from '@boocode/contracts/ids.ts';
import { useEffect, useState } from 'react';
import { useLive } from '../live/live-context.tsx';
import { randomId } from '../live/random-id.ts';
import { sentenceOf, useAction } from '../live/use-action.ts';
import { ErrorLine } from '../ui/ErrorLine.tsx';
import { ModalDialog } from '../ui/ModalDialog.tsx';
import { Segments } from '../ui/Segments.tsx';
import { previewWords } from './checkpoint-words.ts';

interface RestoreDialogProps {
  readonly title: string;
  readonly checkpointId: CheckpointId;
  /** The prompt that is to go with all that follows; null: what came after the checkpoint. */
  readonly before: MessageId | null;
  readonly onClose: () => void;
  /** Is given what the first prompt that went said. */
  readonly onRestored: (prompt: RestoreResult['prompt']) => void;
  /** Undone by the message about it. */
  readonly onUndone?: () => void;
}

const CHOICES = [
  { value: 'both', label: 'Both' },
  { value: 'files', label: 'Files' },
  { value: 'chat', label: 'Conversation' },
] as const;
const NAMED = 5;

/** Says what a restore would do, and does it. Afterwards a message offers to undo it. */
export function RestoreDialog({ title, checkpointId, before, onClose, onRestored, onUndone }: RestoreDialogProps) {
  const { api, toasts } = useLive();
  const [what, setWhat] = useState<RestoreWhat>('both');
  const { preview, problem } = usePreview(checkpointId, before);
  const action = useAction();
  const restore = async (): Promise<void> => {
    const body = { what, ...(before === null ? {} : { before }) };
    const result = await api.restoreCheckpoint({ params: { id: checkpointId }, body });
    onRestored(result.prompt);
    toasts.set({
      id: randomId(),
      text: `${result.message}.`,
      undo: async () => {
        await api.restoreCheckpoint({ params: { id: result.safety }, body: { what } });
        onUndone?.();
      },
    });
  };
  return (
    <ModalDialog label={title} onClose={onClose}>
      {(close) => (
        <div className="space-y-3 p-4">
          <p className="text-15 font-semibold [overflow-wrap:anywhere]">{title}</p>
          <Segments label="What to restore" value={what} options={CHOICES} onChoose={setWhat} />
          <p role="status" className="min-h-10 text-13 text-fg-1">
            {preview === null ? (problem === null ? 'Looking at the files' : '') : previewWords(preview, what)}
          </p>
          {preview === null || what === 'chat' ? null : <PreviewFiles preview={preview} />}
          <ErrorLine message={action.message ?? problem ?? (preview?.refusal == null ? null : `Not possible now: ${preview.refusal}`)} />
          <div className="flex justify-end gap-2">
            <button type="button" className="btn" autoFocus onClick={close}>
              Cancel
            </button>
            <button
              type="button"
              className="btn btn-line"
              disabled={action.isBusy || preview === null || preview.refusal !== null}
              onClick={() => void action.run(restore).then((isDone) => isDone && close())}
            >
              Restore
            </button>
          </div>
        </div>
      )}
    </ModalDialog>
  );
}

function PreviewFiles({ preview }: { preview: RestorePreview }) {
  const { files, leftAlone, applied } = preview;
  return (
    <>
      {files.length === 0 ? null : (
        <ul className="space-y-0.5 font-mono text-12 text-fg-1" aria-label="Files that change back">
          {files.slice(0, NAMED).map((file) => (
            <li key={file.path} className={`truncate ${file.kind === 'deleted' ? 'line-through' : ''}`}>
              {file.path}
            </li>
          ))}
          {files.length > NAMED ? <li className="font-ui">and {files.length - NAMED} more</li> : null}
        </ul>
      )}
      {leftAlone.length === 0 ? null : (
        <p className="text-12 text-fg-1 [overflow-wrap:anywhere]">
          Left as it is:{' '}
          {leftAlone
            .slice(0, NAMED)
            .map(({ path, reason }) => `${path} (${reason})`)
            .join(', ')}
          {leftAlone.length > NAMED ? ` and ${leftAlone.length - NAMED} more` : ''}
        </p>
      )}
      {applied.length === 0 ? null : (
        <p className="text-12 text-fg-1 [overflow-wrap:anywhere]">Applied to your folder, which stays as it is: {applied.slice(0, NAMED).join(', ')}</p>
      )}
    </>
  );
}

/** What it would do. Read again when a turn begins or ends meanwhile: that decides whether it can be done at all. */
function usePreview(id: CheckpointId, before: MessageId | null): { readonly preview: RestorePreview | null; readonly problem: string | null } {
  const { api, user } = useLive();
  const [read, setRead] = useState<{ preview: RestorePreview | null; problem: string | null }>({ preview: null, problem: null });
  useEffect(() => {
    const load = (): void =>
      void api.previewRestore({ params: { id }, query: before === null ? {} : { before } }).then(
        (preview) => setRead({ preview, problem: null }),
        (error: unknown) => setRead({ preview: null, problem: sentenceOf(error) }),
      );
    load();
    return user.onFrame((frame) => (frame.type === 'task_updated' || frame.type === 'checkpoints_updated') && load());
  }, [api, user, id, before]);
  return read;
}
