import { Attachment } from '@boocode/contracts/message.ts';
import type { Part } from '@boocode/contracts/turn-state.ts';

/** What a person wrote and comes back to the composer, with its files. */
export interface TakenBack {
  readonly text: string;
  readonly attachments: readonly Attachment[];
}

/** From here on a pasted text is a file beside the message instead of part of it. */
export const LARGE_PASTE_BYTES = 8 * 1_024;
export const MOST_ATTACHMENTS = 20;
const LARGEST_TEXT = 1_000_000;

export function isLargePaste(text: string): boolean {
  return text.length >= LARGE_PASTE_BYTES || new TextEncoder().encode(text).length >= LARGE_PASTE_BYTES;
}

/** The file parts of a message, as they were attached. */
export function attachmentsOf(parts: readonly Part[]): readonly Attachment[] {
  return parts.flatMap((part) => (part.type === 'file' ? [{ name: part.name, mediaType: part.mediaType, text: part.text }] : []));
}

/** A name that none of the others has: "pasted.txt", "pasted-2.txt". */
export function freeName(name: string, taken: readonly Attachment[]): string {
  const dot = name.lastIndexOf('.');
  const [stem, ending] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ''];
  for (let count = 1; ; count++) {
    const tried = count === 1 ? name : `${stem}-${count}${ending}`;
    if (!taken.some((other) => other.name === tried)) return tried;
  }
}

/** A text as an attachment, or a sentence that says why it cannot be one. */
export function makeAttachment(name: string, mediaType: string, text: string, taken: readonly Attachment[]): Attachment | string {
  if (taken.length >= MOST_ATTACHMENTS) return `Cannot attach "${name}": ${MOST_ATTACHMENTS} files is the most; remove one first`;
  if (text.includes('\u0000')) return `Cannot attach "${name}": it is not a text file; put it in the project's folder and name its path`;
  if (text.length > LARGEST_TEXT) return `Cannot attach "${name}": it is larger than a million characters; put it in the project's folder and name its path`;
  const parsed = Attachment.safeParse({ name: freeName(name, taken).slice(0, 255), mediaType: mediaType === '' ? 'text/plain' : mediaType, text });
  return parsed.success ? parsed.data : `Cannot attach "${name}": its name cannot be used; give it another one`;
}

/** "840 B", "12 KB", "1.2 MB" and how many lines. */
export function sizeWords(text: string): string {
  const bytes = new TextEncoder().encode(text).length;
  const size = bytes < 1_024 ? `${bytes} B` : bytes < 1_048_576 ? `${Math.round(bytes / 1_024)} KB` : `${(bytes / 1_048_576).toFixed(1)} MB`;
  const lines = text.split('\n').length;
  return `${size}, ${lines} ${lines === 1 ? 'line' : 'lines'}`;
}
