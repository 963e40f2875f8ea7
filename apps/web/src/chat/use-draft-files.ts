import type { Attachment } from '@boocode/contracts/message.ts';
import { useState } from 'react';
import { keepDraftFiles, readDraftFiles } from './drafts.ts';
import { isLargePaste, makeAttachment } from './attachments.ts';

export interface DraftFiles {
  readonly files: readonly Attachment[];
  readonly problem: string | null;
  /** Takes a pasted text when it is large; false = it belongs into the message. */
  readonly paste: (text: string) => boolean;
  readonly add: (dropped: readonly File[]) => Promise<void>;
  readonly put: (files: readonly Attachment[]) => void;
  readonly remove: (name: string) => void;
  readonly clear: () => void;
}

/** The files beside one draft. Give the component a `key` per place. */
export function useDraftFiles(place: string): DraftFiles {
  const [{ files, problem }, set] = useState<{ files: readonly Attachment[]; problem: string | null }>(() => ({ files: readDraftFiles(place), problem: null }));
  const keep = (next: readonly Attachment[], said: string | null) => {
    const isKept = keepDraftFiles(place, next);
    set({ files: next, problem: said ?? (isKept ? null : 'These files are too large to be kept on this device: send them before you leave this page') });
  };
  const attach = (named: readonly { name: string; mediaType: string; text: string }[]) => {
    let next = files;
    let said: string | null = null;
    for (const { name, mediaType, text } of named) {
      const made = makeAttachment(name, mediaType, text, next);
      if (typeof made === 'string') said = made;
      else next = [...next, made];
    }
    keep(next, said);
  };
  return {
    files,
    problem,
    paste(text) {
      if (!isLargePaste(text)) return false;
      attach([{ name: 'pasted.txt', mediaType: 'text/plain', text }]);
      return true;
    },
    async add(dropped) {
      attach(await Promise.all(dropped.map(async (file) => ({ name: file.name, mediaType: file.type, text: await file.text() }))));
    },
    put: (next) => keep([...files, ...next], null),
    clear: () => keep([], null),
    remove: (name) =>
      keep(
        files.filter((file) => file.name !== name),
        null,
      ),
  };
}
