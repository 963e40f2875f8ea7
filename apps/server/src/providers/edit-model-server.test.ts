import { describe, expect, it } from 'vitest';
import { editModelServer } from './edit-model-server.ts';

const url = 'http://127.0.0.1:8080/v1';

describe('editModelServer()', () => {
  it('starts a file, and keeps one that holds comments alone', () => {
    expect(JSON.parse(editModelServer('', 'home', { url, slots: 2 }))).toEqual({ modelServers: { home: { url, slots: 2 } } });
    expect(editModelServer('// mine\n', 'home', { url })).toMatch(/^\/\/ mine\n\{[\s\S]*"home"/);
  });

  it('keeps comments, order, trailing commas, line ends and everything else', () => {
    const text =
      '{\r\n  // my servers\r\n  "modelServers": {\r\n    "a": { "url": "http://x/v1", /* slow */ "slots": 1 }, // first\r\n  },\r\n  "limits": {},\r\n}\r\n';
    const added = editModelServer(text, 'b', { url, key: '{env:KEY}' });
    for (const kept of ['// my servers', '/* slow */', '"limits": {},']) expect(added).toContain(kept);
    expect(added.replaceAll('\r\n', '')).not.toContain('\n');
    expect(editModelServer(added, 'b', null).replaceAll(/\s/g, '')).toContain('"slots":1}');
    const changed = editModelServer(text, 'a', { url, slots: null, key: null });
    expect(changed).toContain(`"url": "${url}"`);
    expect(changed).not.toContain('slots');
    expect(changed).toContain('"limits": {},');
  });

  it('changes nothing where there is nothing to remove, and refuses what it cannot read', () => {
    expect(editModelServer('{ /* x */ }', 'a', null)).toBe('{ /* x */ }');
    expect(() => editModelServer('{ "modelServers": { "a": ', 'a', { url })).toThrow(/^Cannot change config.json: it is not valid JSON in line 1 /);
    expect(() => editModelServer('{\n"modelServers": [] }', 'a', { url })).toThrow(/is not an object/);
    expect(() => editModelServer('[]', 'a', { url })).toThrow(/does not hold an object/);
    expect(() => editModelServer('{}', 'a', { slots: 1 })).toThrow(/needs a "url"/);
    expect(editModelServer('\uFEFF{}', 'a', { url }).startsWith('\uFEFF{')).toBe(true);
  });
});
