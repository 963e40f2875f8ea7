import { Shortcuts } from '@boocode/contracts/settings.ts';
import { expect, it } from 'vitest';
import { keysLabel, keysOf, type Press, SHORTCUTS, spelled, wordOf } from './shortcuts.ts';

function press(key: string, code: string, ...held: readonly ('ctrl' | 'meta' | 'alt' | 'shift')[]): Press {
  return { key, code, ctrlKey: held.includes('ctrl'), metaKey: held.includes('meta'), altKey: held.includes('alt'), shiftKey: held.includes('shift') };
}

it('wordOf() says a press as the table does, wherever the character sits', () => {
  expect(wordOf(press('k', 'KeyK', 'ctrl'))).toBe('Ctrl+K');
  expect(wordOf(press('˜', 'KeyN', 'ctrl', 'alt'))).toBe('Ctrl+Alt+N');
  expect(wordOf(press('|', 'Backslash', 'ctrl', 'shift'))).toBe('Ctrl+Shift+\\');
  expect(wordOf(press('?', 'Slash', 'shift'))).toBe('?');
  expect(wordOf(press('g', 'KeyG'))).toBe('g');
  expect(wordOf(press('ArrowLeft', 'ArrowLeft', 'ctrl', 'alt', 'shift'))).toBe('Ctrl+Alt+Shift+ArrowLeft');
  expect(wordOf(press('Control', 'ControlLeft', 'ctrl'))).toBeNull();
});

it('SHORTCUTS has no key twice, none of a browser, and every action can be stored', () => {
  const keys = SHORTCUTS.flatMap((shortcut) => shortcut.keys ?? []);
  expect(new Set(keys).size).toBe(keys.length);
  expect(keys.filter((key) => /^(Mod|Ctrl)\+(Shift\+)?[TWNQLRDHJPSOFUB0-9]$/.test(key) || key.startsWith('Alt+') || /^F\d/.test(key))).toEqual([]);
  expect(Shortcuts.safeParse(Object.fromEntries(SHORTCUTS.map(({ id, keys: own }) => [id, own]))).success).toBe(true);
});

it('keysOf() prefers what a person chose, also no key at all', () => {
  const [palette] = SHORTCUTS;
  expect([keysOf(palette!, {}), keysOf(palette!, { palette: 'Ctrl+Alt+P' }), keysOf(palette!, { palette: null })]).toEqual(['Mod+K', 'Ctrl+Alt+P', null]);
  expect([spelled('Mod+K', true), keysLabel('Mod+K', true), keysLabel('g i', false), keysLabel('Mod+Shift+\\', false), keysLabel('Y', false)]).toEqual([
    'Meta+K',
    '⌘K',
    'g then i',
    'Ctrl Shift \\',
    'Shift Y',
  ]);
});
