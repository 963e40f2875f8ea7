import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

const BATCH = 64;

/** What a folder takes on the disk, in blocks, with each hard-linked file counted once. Links are not followed; what vanishes meanwhile is nothing. */
export async function measureFolder(path: string, signal?: AbortSignal): Promise<{ bytes: number; files: number }> {
  const seen = new Set<string>();
  const folders = [path];
  let bytes = 0;
  let files = 0;
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    signal?.throwIfAborted();
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
    for (let at = 0; at < entries.length; at += BATCH) {
      const names = entries.slice(at, at + BATCH).map((entry) => join(folder, entry.name));
      const stats = await Promise.all(names.map((name) => lstat(name).catch(() => null)));
      for (const [index, stat] of stats.entries()) {
        if (stat === null) continue;
        if (stat.isDirectory()) folders.push(names[index] ?? folder);
        else files += 1;
        const key = `${stat.dev}:${stat.ino}`;
        if (stat.nlink > 1 && !stat.isDirectory() && seen.has(key)) continue;
        if (stat.nlink > 1) seen.add(key);
        // Some file systems count no blocks for small files.
        bytes += stat.blocks === 0 ? stat.size : stat.blocks * 512;
      }
    }
  }
  return { bytes, files };
}
