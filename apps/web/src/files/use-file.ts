import type { ProjectId, SessionId } from '@boocode/contracts/ids.ts';
import type { FileContent } from '@boocode/contracts/project-file.ts';
import { useCallback, useEffect, useState } from 'react';
import { useLive } from '../live/live-context.tsx';
import { sentenceOf } from '../live/use-action.ts';
import { highlightTexts } from '../markdown/highlight-pool.ts';
import { findLanguage } from '../markdown/highlight.ts';

const MAX_COLOURED = 1_500_000;

export interface ShownFile {
  readonly file: FileContent | null;
  readonly failure: string | null;
  readonly reload: () => void;
}

/** A file as it is now; read again whenever its tab comes to the front. What was read stays meanwhile. */
export function useFile({
  projectId,
  session,
  path,
  isActive,
}: {
  projectId: ProjectId;
  session: SessionId | undefined;
  path: string;
  isActive: boolean;
}): ShownFile {
  const { api } = useLive();
  const [state, setState] = useState<{ file: FileContent | null; failure: string | null }>({ file: null, failure: null });
  const read = useCallback(
    (signal: AbortSignal | null) => {
      const query = { path, ...(session === undefined ? {} : { session }) };
      api.getFile({ params: { id: projectId }, query, ...(signal === null ? {} : { signal }) }).then(
        (file) =>
          setState((now) =>
            now.file?.text === file.text && now.file.path === file.path && now.file.size === file.size ? { ...now, failure: null } : { file, failure: null },
          ),
        (error: unknown) => signal?.aborted !== true && setState({ file: null, failure: sentenceOf(error) }),
      );
    },
    [api, projectId, session, path],
  );
  useEffect(() => {
    const gone = new AbortController();
    read(gone.signal);
    return () => gone.abort();
  }, [read, isActive]);
  return { ...state, reload: () => read(null) };
}

/** The lines of a text as HTML; null until they are coloured, or where they never will be. */
export function useColouredLines(path: string, text: string | null): readonly string[] | null {
  const [coloured, setColoured] = useState<{ readonly text: string; readonly lines: readonly string[] | null } | null>(null);
  const language = findLanguage(path);
  useEffect(() => {
    if (language === null || text === null || text.length > MAX_COLOURED) return;
    let isGone = false;
    const lines: string[] = [];
    void highlightTexts(language, [text], (part) => lines.push(...part.lines)).then(
      (isWhole) => !isGone && setColoured({ text, lines: isWhole ? lines : null }),
    );
    return () => {
      isGone = true;
    };
  }, [language, text]);
  return coloured !== null && coloured.text === text ? coloured.lines : null;
}
