/** A line of a search's output. `path` is null where it is not a hit in the form `path:line:text`. */
export interface HitLine {
  readonly path: string | null;
  readonly line: number;
  readonly text: string;
}

const HIT = /^((?:[A-Za-z]:)?[^:\n]{1,500}):(\d{1,8}):(.*)$/;

/** The lines of a search's output as hits. */
export function searchHits(output: string): readonly HitLine[] {
  return output.split('\n').map((text) => {
    const [, path = null, line = '0', rest = text] = HIT.exec(text) ?? [];
    return { path, line: Number(line), text: path === null ? text : rest };
  });
}
