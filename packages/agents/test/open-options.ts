import { join } from 'node:path';
import type { OpenOptions, Prompt } from '../src/backend.ts';

/** What a conversation in `cwd` is opened with, where a test does not say otherwise. */
export function openOptions(cwd: string, more: Partial<OpenOptions> = {}): OpenOptions {
  return {
    cwd,
    outputDir: join(cwd, '..', 'out'),
    signal: new AbortController().signal,
    allowedReadPaths: [],
    model: null,
    mode: null,
    access: 'full',
    isTrusted: true,
    mcpServers: [],
    resumeToken: null,
    notify: null,
    onInfo: () => {},
    ...more,
  };
}

/** A prompt that may do everything and never has to ask. */
export function newPrompt(text: string, more: Partial<Prompt> = {}): Prompt {
  return {
    text,
    model: null,
    mode: null,
    brief: { whole: null, since: null },
    attachments: [],
    history: [],
    access: 'full',
    notes: [],
    ask: async () => ({ allowed: true, optionId: null, note: null }),
    commit: async () => {},
    ...more,
  };
}
