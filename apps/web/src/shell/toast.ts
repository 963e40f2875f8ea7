/** Something that was done, told in passing, and how to take it back. */
export interface Toast {
  readonly id: string;
  readonly text: string;
  readonly undo: () => Promise<void>;
}
