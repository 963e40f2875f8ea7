import type { Change, ChangeHunk } from '@boocode/contracts/change.ts';
import { neutraliseLine } from '../terminal/neutralise.ts';
import type { Paint } from '../terminal/terminal.ts';
import { fitText, padText, textWidth } from '../terminal/text-width.ts';

const LETTERS: Record<Change['kind'], string> = { added: 'A', modified: 'M', deleted: 'D', renamed: 'R', mode: 'X' };

/** `  M src/app.ts                +3 -1`, with the state when it is not pending. */
export function changeRow(change: Change, width: number, paint: Paint): string {
  const name = neutraliseLine(change.oldPath !== null && change.oldPath !== change.path ? `${change.oldPath} -> ${change.path}` : change.path);
  const size = change.binary ? 'binary' : `+${change.additions} -${change.deletions}`;
  const state = change.state === 'pending' ? '' : `  ${change.state}`;
  const room = Math.max(8, width - 4 - 2 - Math.max(10, size.length) - state.length);
  const shown = padText(fitText(name, room), Math.min(room, Math.max(40, textWidth(name))), 'start');
  return `  ${LETTERS[change.kind]} ${shown}  ${paint('dim', padText(size, 10, 'end'))}${paint(change.state === 'conflict' ? 'red' : 'dim', state)}`;
}

/** `+12 -3` over all of them. */
export function changeTotals(changes: readonly Change[]): string {
  const total = changes.reduce((sum, change) => ({ additions: sum.additions + change.additions, deletions: sum.deletions + change.deletions }), {
    additions: 0,
    deletions: 0,
  });
  return `+${total.additions} -${total.deletions}`;
}

/** `    1f3a9c2b  lines 10-14          +3 -1  qwen  accepted`. Its name may be shortened to any unique beginning. */
export function hunkRow(hunk: ChangeHunk, paint: Paint): string {
  const lines =
    hunk.newLines === 0
      ? `after line ${hunk.newStart}`
      : hunk.newLines === 1
        ? `line ${hunk.newStart}`
        : `lines ${hunk.newStart}-${hunk.newStart + hunk.newLines - 1}`;
  const size = padText(`+${hunk.newLines} -${hunk.oldLines}`, 10, 'end');
  return `    ${hunk.id.length > 16 ? hunk.id : hunk.id.slice(0, 8)}  ${padText(lines, 18, 'start')} ${paint('dim', size)}  ${neutraliseLine(hunk.agent ?? 'you')}${hunk.marked ? paint('green', '  accepted') : ''}`;
}
