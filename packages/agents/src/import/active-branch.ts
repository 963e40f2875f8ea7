/** A record of a conversation that is kept as a tree: going back and saying something else begins a new branch. */
export interface BranchRecord {
  readonly uuid: string;
  readonly parent: string | null;
}

/** The ids of the branch that ends with the last record. Where a parent is missing, all that was written before counts to it. */
export function activeBranch(records: readonly BranchRecord[]): ReadonlySet<string> {
  const places = new Map(records.map(({ uuid }, place) => [uuid, place]));
  const active = new Set<string>();
  let next = records.at(-1);
  while (next !== undefined && !active.has(next.uuid)) {
    active.add(next.uuid);
    if (next.parent === null) break;
    const place = places.get(next.parent);
    if (place === undefined) {
      for (const { uuid } of records.slice(0, places.get(next.uuid))) active.add(uuid);
      break;
    }
    next = records[place];
  }
  return active;
}
