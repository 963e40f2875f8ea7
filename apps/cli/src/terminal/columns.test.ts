import { expect, it } from 'vitest';
import { formatColumns } from './columns.ts';
import { textWidth } from './text-width.ts';

const COLUMNS = [{ title: 'ID' }, { title: 'AGE', align: 'end' }, { title: 'TASK', flexible: true }] as const;

it('formatColumns() aligns, and the flexible column gives way', () => {
  const rows = [
    ['1a2b3c4d', '5 min', 'Mend the parser, and then write a test for it'],
    ['ffffffff', '12 s', '日本語のタスク\u001b[31m\nsecond line'],
  ];
  expect(formatColumns(COLUMNS, rows, 40)).toBe(`ID          AGE  TASK
1a2b3c4d  5 min  Mend the parser, and t…
ffffffff   12 s  日本語のタスク␛[31m se…
`);
});

it('formatColumns() stays within a narrow terminal', () => {
  const lines = formatColumns(COLUMNS, [['1a2b3c4d', '5 min', 'a long task']], 20)
    .trimEnd()
    .split('\n');
  expect(lines.map(textWidth).every((width) => width <= 20)).toBe(true);
});

it('formatColumns() of nothing is nothing', () => {
  expect(formatColumns(COLUMNS, [], 40)).toBe('');
});
