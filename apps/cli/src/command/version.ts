import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as z from 'zod/mini';

const Manifest = z.object({ version: z.string() });

/** The version in the nearest package.json above this program. */
export function findVersion(): string {
  for (let folder = new URL('./', import.meta.url); ; folder = new URL('../', folder)) {
    const path = fileURLToPath(new URL('package.json', folder));
    if (existsSync(path)) return Manifest.parse(JSON.parse(readFileSync(path, 'utf8'))).version;
    if (folder.pathname === '/' || folder.href === new URL('../', folder).href) return 'unknown';
  }
}
