import { applyEdit } from '@boocode/applier/apply-edit.ts';
import type { Edit } from '@boocode/applier/edit-outcome.ts';
import type { Measure } from '../bench.ts';
import { atMost, type Figure, figure } from '../figure.ts';
import { percentile } from '../statistics.ts';

const LINES = 5_000;
const ROUNDS = 60;
const WARM_UP = 10;
const CONTEXT = 3;

type Drift = (text: string) => string;

/** Drifts of elided and of numbered texts need the lines, see editAt(). */

/** One way in which a text is found, and an edit that needs it. */
const STAGES: readonly (readonly [stage: string, drift: Drift])[] = [
  ['exact', (text) => text],
  ['line ends', (text) => text.replaceAll('\n', ' \n')],
  ['indentation', (text) => text.replaceAll(/^/gm, '  ')],
  ['unicode', (text) => text.replaceAll("'", '\u2019')],
  ['decoded', (text) => text],
  ['elided', (text) => text],
  ['similar', (text) => text.replace('remembers', 'remembres')],
  ['refused, nothing is similar', () => 'nothing of this\nis anywhere\nin the file at all'],
];

/** What one edit of a long file takes, by the stage that finds its place. */
export const edits: Measure = {
  name: 'edits',
  title: `One edit of a file of ${LINES.toLocaleString('en')} lines (${ROUNDS} places each; ratio: to indexOf and slice)`,
  async run(): Promise<readonly Figure[]> {
    const lines = makeLines();
    const text = `${lines.join('\n')}\n`;
    const raw = timesOf((place) =>
      spliceRaw(
        text,
        editAt(lines, place, 'exact', (old) => old),
      ),
    );
    const base = percentile(raw, 0.5);
    return STAGES.flatMap(([stage, drift]) => {
      const times = timesOf((place) => {
        const outcome = applyEdit(text, editAt(lines, place, stage, drift));
        const found = outcome.type === 'edited' ? outcome.stage : 'refused';
        if (!stage.startsWith(found)) throw new Error(`an edit for "${stage}" came out as ${JSON.stringify(outcome).slice(0, 200)}`);
      });
      const [p50, p95] = [percentile(times, 0.5), percentile(times, 0.95)];
      return [{ ...figure(`${stage}, p50`, p50, 'ms', atMost(20)), ratio: p50 / base }, figure(`${stage}, p95`, p95, 'ms')];
    });
  },
};

function timesOf(run: (place: number) => void): readonly number[] {
  const times: number[] = [];
  for (let round = -WARM_UP; round < ROUNDS; round += 1) {
    const place = CONTEXT + (((round + WARM_UP) * 71) % (LINES - 20));
    const startedAt = performance.now();
    run(place);
    if (round >= 0) times.push(performance.now() - startedAt);
  }
  return times;
}

function spliceRaw(text: string, { oldText, newText }: Edit): string {
  const at = text.indexOf(oldText);
  return text.slice(0, at) + newText + text.slice(at + oldText.length);
}

/** Functions of ten lines that are alike but for their numbers: the hardest files are those that repeat themselves. */
function makeLines(): readonly string[] {
  return Array.from({ length: LINES }, (_, index) => {
    const block = Math.floor(index / 10);
    const inner = `  const value${index} = await store.remembers('key-${index * 7}', { at: ${index}, size: ${block} });`;
    return index % 10 === 0 ? `export async function step${block}(store: Store): Promise<void> {` : index % 10 === 9 ? '}' : inner;
  });
}

function editAt(lines: readonly string[], place: number, stage: string, drift: Drift): Edit {
  const row = place - (place % 10) + 4;
  const passage = lines.slice(row - CONTEXT, row + CONTEXT + 1);
  const now = passage.map((line, index) => (index === CONTEXT ? line.replace('size:', 'length:') : line));
  if (stage === 'elided') {
    const leaveOut = (all: readonly string[]): string => [...all.slice(0, 1), '  // ... existing code ...', ...all.slice(CONTEXT)].join('\n');
    return { oldText: leaveOut(passage), newText: leaveOut(now), isForAll: false };
  }
  if (stage === 'decoded') {
    const number = (all: readonly string[]): string => all.map((line, index) => `${row - CONTEXT + index + 1}| ${line}`).join('\n');
    return { oldText: number(passage), newText: number(now), isForAll: false };
  }
  return { oldText: drift(passage.join('\n')), newText: drift(now.join('\n')), isForAll: false };
}
