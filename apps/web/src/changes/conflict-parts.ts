/** A place where both sides changed the same lines. */
export interface ConflictPart {
  /** Line of the merged text, from 1. */
  readonly line: number;
  readonly folder: readonly string[];
  readonly change: readonly string[];
}

/** Reads the marked places of a merged text. */
export function conflictParts(merged: string): readonly ConflictPart[] {
  const parts: { line: number; folder: string[]; change: string[] }[] = [];
  let side: 'none' | 'folder' | 'base' | 'change' = 'none';
  for (const [at, line] of merged.split('\n').entries()) {
    if (side === 'none') {
      if (line.startsWith('<<<<<<<')) {
        parts.push({ line: at + 1, folder: [], change: [] });
        side = 'folder';
      }
    } else if (line.startsWith('|||||||') && side === 'folder') side = 'base';
    else if (line.startsWith('=======') && side !== 'change') side = 'change';
    else if (line.startsWith('>>>>>>>') && side === 'change') side = 'none';
    else if (side !== 'base') parts.at(-1)?.[side].push(line);
  }
  return parts;
}
