const TITLE_CHARS = 70;

/** What a session is called until its first prompt. */
export const UNTITLED = 'New session';

/** The first line of a prompt, short enough for a list. */
export function titleOf(prompt: string): string {
  const line =
    prompt
      .split('\n')
      .find((candidate) => candidate.trim() !== '')
      ?.trim() ?? UNTITLED;
  return line.length <= TITLE_CHARS ? line : `${line.slice(0, TITLE_CHARS - 1).trimEnd()}…`.toWellFormed();
}
