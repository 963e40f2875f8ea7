import { Attachment } from '@boocode/contracts/message.ts';
import * as z from 'zod/mini';

const PREFIX = 'boocode.draft.';
const FILES_PREFIX = 'boocode.draft-files.';
const Files = z.array(Attachment);

/** What a person typed and has not sent, per place; it survives switching and reload. */
export function readDraft(place: string): string {
  return localStorage.getItem(PREFIX + place) ?? '';
}

export function keepDraft(place: string, text: string): void {
  try {
    if (text === '') localStorage.removeItem(PREFIX + place);
    else localStorage.setItem(PREFIX + place, text);
  } catch {
    // the device is full: what is typed stays on the page until it is left
  }
}

/** The files beside a draft. */
export function readDraftFiles(place: string): readonly Attachment[] {
  try {
    return Files.parse(JSON.parse(localStorage.getItem(FILES_PREFIX + place) ?? '[]'));
  } catch {
    return []; // another version's form, or cut off: there is nothing to be made of it
  }
}

/** False when the device has no room for them: they are there until the page is left. */
export function keepDraftFiles(place: string, files: readonly Attachment[]): boolean {
  try {
    if (files.length === 0) localStorage.removeItem(FILES_PREFIX + place);
    else localStorage.setItem(FILES_PREFIX + place, JSON.stringify(files));
    return true;
  } catch {
    return false;
  }
}
