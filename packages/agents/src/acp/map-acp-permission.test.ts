import { describe, expect, it } from 'vitest';
import { PermissionParams } from './acp-wire.ts';
import { chooseOption, mapPermission } from './map-acp-permission.ts';
import { mapToolCall } from './map-acp-update.ts';

const PLACE = { cwd: '/tree', at: 1, terminal: () => ({ text: '', exitCode: null }) };
const request = (toolCall: object, options: unknown[] = []) => {
  const params = PermissionParams.parse({ sessionId: 's', toolCall: { toolCallId: 'c', ...toolCall }, options });
  return mapPermission(params, mapToolCall(params.toolCall, null, PLACE).known, PLACE.cwd);
};

describe('mapPermission()', () => {
  it('asks about the command itself, whatever the agent calls it', () => {
    const goose = { kind: 'other', status: 'pending', title: 'shell \u00B7 echo hi', rawInput: { command: 'echo hi' } };
    expect(request(goose)).toMatchObject({ callId: 'c', kind: 'execute', title: 'Run this command?', subject: 'echo hi', reason: null, paths: [] });
  });

  it('asks about the files that a diff, a place or the input names', () => {
    const opencode = {
      kind: 'edit',
      title: '/tree/a.txt',
      locations: [{ path: '/tree/a.txt' }],
      rawInput: { filepath: '/tree/a.txt', diff: '...' },
      content: [{ type: 'diff', path: '/etc/b.txt', oldText: '', newText: 'x' }],
    };
    expect(request(opencode)).toMatchObject({ kind: 'edit', subject: 'a.txt\n/etc/b.txt', paths: ['/tree/a.txt', '/etc/b.txt'] });
  });

  it('passes on why the agent asks, and names its options for people', () => {
    const qwen = { kind: 'execute', title: 'ls', rawInput: { command: 'ls' }, content: [{ type: 'content', content: { type: 'text', text: 'Not sure.' } }] };
    const options = [
      { optionId: 'allow_once', name: 'allow_once', kind: 'allow_once' },
      { optionId: 'p', name: 'Proceed', kind: 'something_new' },
      { optionId: 'c', name: 'No, cancel', kind: 'something_new' },
      'nonsense',
    ];
    expect(request(qwen, options)).toMatchObject({
      reason: 'Not sure.',
      options: [
        { id: 'allow_once', label: 'Allow once', kind: 'allow_once' },
        { id: 'p', label: 'Proceed', kind: 'allow_once' },
        { id: 'c', label: 'No, cancel', kind: 'reject_once' },
      ],
    });
  });
});

describe('chooseOption()', () => {
  const options = [
    { id: 'always', label: '', kind: 'allow_always' },
    { id: 'once', label: '', kind: 'allow_once' },
    { id: 'never', label: '', kind: 'reject_always' },
  ] as const;

  it("takes the person's own, else the mildest", () => {
    expect(chooseOption(options, { allowed: true, optionId: 'always', note: null })).toBe('always');
    expect(chooseOption(options, { allowed: true, optionId: null, note: null })).toBe('once');
    expect(chooseOption(options, { allowed: false, optionId: null, note: null })).toBe('never');
    expect(chooseOption(options.slice(0, 1), { allowed: true, optionId: 'gone', note: null })).toBe('always');
  });

  it('has none where the agent offers none of that kind', () => {
    expect(chooseOption(options.slice(0, 2), { allowed: false, optionId: null, note: null })).toBe(null);
    expect(chooseOption(options, { allowed: false, optionId: 'once', note: null })).toBe('never'); // a refusal never allows
  });
});
