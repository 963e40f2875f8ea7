import { describe, expect, it } from 'vitest';
import { editProvider } from './edit-provider.ts';

describe('editProvider()', () => {
  it('adds, replaces and removes one provider, and leaves everything else as it stands', () => {
    const text = '{\n  // mine\n  "providers": {\n    "a": { "command": "a" }, // first\n  },\n  "limits": {},\n}\n';
    const added = editProvider(text, 'b', { command: 'b', env: { KEY: '{env:KEY}' } });
    for (const kept of ['// mine', '"command": "a"', '// first', '"limits": {},']) expect(added).toContain(kept);
    expect(added).toContain('"KEY": "{env:KEY}"');
    const replaced = editProvider(added, 'b', { transport: 'pty', command: 'c' });
    expect([replaced.includes('{env:KEY}'), replaced.includes('"pty"')]).toEqual([false, true]);
    expect(editProvider(replaced, 'b', null)).not.toContain('"pty"');
    expect(JSON.parse(editProvider('', 'b', { enabled: false }))).toEqual({ providers: { b: { enabled: false } } });
  });

  it('changes nothing where there is nothing to remove, and refuses what it cannot read', () => {
    expect(editProvider('{ /* x */ }', 'a', null)).toBe('{ /* x */ }');
    expect(() => editProvider('{ "providers": { "a": ', 'a', {})).toThrow(/^Cannot change config.json: it is not valid JSON in line 1 .*nothing was written$/);
    expect(() => editProvider('{ "providers": [] }', 'a', {})).toThrow(/its "providers" is not an object/);
  });
});
