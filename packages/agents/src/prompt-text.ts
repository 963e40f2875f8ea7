import type { Prompt } from './backend.ts';

/** What an agent with a memory of its own is sent: what it missed, what was said about its work, the prompt, and the attached files. */
export function promptText(prompt: Prompt, remembers: boolean): string {
  const missed = remembers ? prompt.brief.since : prompt.brief.whole;
  const isCommand = prompt.text.startsWith('/'); // agents know one by the first character alone
  const parts = [
    isCommand ? prompt.text : '',
    missed === null ? '' : `<context>\n${missed}\n</context>`,
    prompt.notes.length === 0
      ? ''
      : `<remarks>\nOn your earlier work in this session, the person says:\n${prompt.notes.map((note) => `- ${note}`).join('\n')}\n</remarks>`,
    isCommand ? '' : prompt.text,
    ...prompt.attachments.map((file) => `<file name=${JSON.stringify(file.name)}>\n${file.text}\n</file>`),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}
