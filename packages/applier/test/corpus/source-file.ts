/** A real file that edits are made of. */
export interface SourceFile {
  readonly path: string;
  readonly language: string;
  readonly text: string;
}
