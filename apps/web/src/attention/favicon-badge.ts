import type { AgentStatus } from '@boocode/contracts/chat.ts';

/** Shape and hue, as the status dots have them; drawn for light and dark browsers alike, so with an edge. */
const BADGES: Record<Exclude<AgentStatus, 'idle'>, string> = {
  blocked: '<path d="M48 31 64 47 48 63 32 47Z" fill="#ffcf5c" stroke="#1a1200" stroke-width="2.5"/>',
  error: '<rect x="35" y="35" width="26" height="26" rx="5" fill="#e5483a" stroke="#fff" stroke-width="2.5"/>',
  working: '<circle cx="48" cy="48" r="13" fill="#ff7a18" stroke="#fff" stroke-width="2.5"/>',
};

/** Our icon with the window's status in its corner, as an address for `<link rel="icon">`. */
export function badgedIcon(svg: string, status: AgentStatus): string {
  const badged = status === 'idle' ? svg : svg.replace(/<\/svg>\s*$/, `${BADGES[status]}</svg>`);
  return `data:image/svg+xml,${encodeURIComponent(badged)}`;
}
