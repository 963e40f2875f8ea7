import * as z from 'zod/mini';

/** How git sees a file against its base: the letters of `git status`; `?` is untracked, `U` in conflict. Of a folder: the strongest in it. */
export const FileStatus = z.enum(['M', 'A', 'D', 'R', 'U', '?']);
export type FileStatus = z.infer<typeof FileStatus>;

/** One entry of a folder. `path` is relative to the project's folder, with forward slashes; a link is shown, never followed. */
export const FileEntry = z.object({
  name: z.string(),
  path: z.string(),
  kind: z.enum(['file', 'folder', 'link', 'other']),
  /** In bytes; null for everything but files. */
  size: z.nullable(z.int()),
  status: z.nullable(FileStatus),
  ignored: z.boolean(),
});
export type FileEntry = z.infer<typeof FileEntry>;

/** A file to look at. `text` is null for a binary one, and its beginning when `truncated`. */
export const FileContent = z.object({
  path: z.string(),
  size: z.int(),
  binary: z.boolean(),
  encoding: z.nullable(z.enum(['utf-8', 'utf-16le', 'utf-16be', 'windows-1252'])),
  text: z.nullable(z.string()),
  truncated: z.boolean(),
  /** Of the whole file; null when binary or too large to count. */
  lines: z.nullable(z.int()),
});
export type FileContent = z.infer<typeof FileContent>;

/** A file found by a few characters of its path; `marks` are the positions of those characters in `path`. */
export const FileName = z.object({ path: z.string(), marks: z.array(z.int()) });
export type FileName = z.infer<typeof FileName>;

/** A line that holds the text. `line` and `column` count from 1; `marks` are [start, end) positions in `preview`. */
export const FileMatch = z.object({
  path: z.string(),
  line: z.int(),
  column: z.int(),
  preview: z.string(),
  marks: z.array(z.tuple([z.int(), z.int()])),
});
export type FileMatch = z.infer<typeof FileMatch>;
