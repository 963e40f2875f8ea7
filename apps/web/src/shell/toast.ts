/** Something that was done, told in passing, and how to take it back; null = there is no way back, or none is needed. */
export interface Toast {
  readonly id: string;
  readonly text: string;
  readonly undo: (() => Promise<void>) | null;
}
