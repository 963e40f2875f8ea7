const PREFIX = 'boocode.draft.';

/** What a person typed and has not sent, per place; it survives switching and reload. */
export function readDraft(place: string): string {
  return localStorage.getItem(PREFIX + place) ?? '';
}

export function keepDraft(place: string, text: string): void {
  if (text === '') localStorage.removeItem(PREFIX + place);
  else localStorage.setItem(PREFIX + place, text);
}
