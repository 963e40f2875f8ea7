import { EMPTY_AGENT_INFO } from '@boocode/contracts/agent-info.ts';
import { ProviderSnapshot } from '@boocode/contracts/provider.ts';
import { describe, expect, it } from 'vitest';
import { aMessage, uuid } from '../../test/records.ts';
import { agentChoices, agentModelChoices, agentProblem, BY_DEFAULT, briefNote, choiceOfAgent, modeChoices, ownModelChoices } from './agent-choices.ts';

const model = (id: string, isDefault = false) => ({ id, server: 'home', name: id, contextSize: 131_072, demo: false, isDefault });
const provider = (fields: Record<string, unknown>) =>
  ProviderSnapshot.parse({
    id: 'goose',
    label: 'goose',
    transport: 'acp',
    status: 'ready',
    message: null,
    version: '1.50.0',
    models: [model('a')],
    modes: [{ id: 'auto', label: 'Auto' }],
    checkedAt: null,
    ...fields,
  });
const GOOSE = provider({});
const QWEN = provider({
  id: 'qwen',
  label: 'Qwen Code',
  status: 'unavailable',
  version: null,
  message: 'It is not installed',
  installHint: 'npm install -g qwen',
});

describe('agentChoices()', () => {
  it('shows one that cannot work with what to do, and lets nobody choose it', () => {
    expect(agentChoices([GOOSE, QWEN], 'goose')).toEqual([
      { value: 'goose', label: 'goose', detail: '1.50.0 · 1 model', isDisabled: false },
      { value: 'qwen', label: 'Qwen Code', detail: 'It is not installed. npm install -g qwen', isDisabled: true },
    ]);
  });

  it("keeps the chat's own agent when it is known no more", () => {
    expect(agentChoices([GOOSE], 'gone').map(({ value, isDisabled }) => [value, isDisabled])).toEqual([
      ['gone', true],
      ['goose', false],
    ]);
    expect(agentProblem([GOOSE], 'gone')).toMatch(/Choose another/);
    expect([agentProblem([GOOSE], 'goose'), agentProblem(null, 'gone')]).toEqual([null, null]);
    expect(agentProblem([QWEN], 'qwen')).toBe('Qwen Code cannot work now: It is not installed. npm install -g qwen');
  });
});

describe('the models', () => {
  it('ownModelChoices() means the default one while nothing is chosen', () => {
    const { choices, byDefault } = ownModelChoices([model('a'), model('b', true)]);
    expect([choices.map(({ value }) => value), byDefault]).toEqual([['a', 'b'], 'b']);
  });

  it('agentModelChoices() offers its default, those of our servers, and those it announced, each once', () => {
    const info = { ...EMPTY_AGENT_INFO, model: 'x', models: ['a', 'x'].map((id) => ({ id, label: id.toUpperCase(), description: null })) };
    const { choices, byDefault } = agentModelChoices(GOOSE, info);
    expect(choices.map(({ value }) => value)).toEqual([BY_DEFAULT, 'a', 'x']);
    expect([choices[0]?.detail, byDefault]).toEqual(['Now X', BY_DEFAULT]);
    expect(agentModelChoices(null, EMPTY_AGENT_INFO).choices).toHaveLength(1);
  });
});

it('modeChoices() takes what the agent said over what is known of it, and gives nothing where it has no modes', () => {
  expect(modeChoices(GOOSE, EMPTY_AGENT_INFO).map(({ value }) => value)).toEqual([BY_DEFAULT, 'auto']);
  const said = { ...EMPTY_AGENT_INFO, modes: [{ id: 'plan', label: 'Plan', description: 'Looks only' }] };
  expect(modeChoices(GOOSE, said).map(({ value }) => value)).toEqual([BY_DEFAULT, 'plan']);
  expect(modeChoices(provider({ modes: [] }), EMPTY_AGENT_INFO)).toEqual([]);
});

describe('briefNote()', () => {
  const by = (agent: string, position: number) => aMessage({ id: uuid(position), position, metadata: { agent, model: null, mode: null } });

  it('tells a newcomer from one that comes back, and says nothing to the one that answered last', () => {
    const chat = { agents: [], messages: [by('goose', 1), by('claude', 2)] };
    expect(briefNote(chat, 'qwen', 'Qwen Code')).toMatch(/^Qwen Code is new in this chat/);
    expect(briefNote(chat, 'goose', 'goose')).toMatch(/goes on from its own last turn/);
    expect(briefNote({ ...chat, agents: [{ agent: 'qwen', info: EMPTY_AGENT_INFO }] }, 'qwen', 'Qwen Code')).toMatch(/goes on/);
    expect(briefNote(chat, 'claude', 'Claude')).toBeNull();
    expect(briefNote({ agents: [], messages: [] }, 'claude', 'Claude')).toBeNull();
  });

  it('says nothing of our own agent, which reads the whole chat', () => {
    expect(briefNote({ agents: [], messages: [by('goose', 1)] }, 'boocode', 'BooCode')).toBeNull();
  });
});

it('choiceOfAgent() keeps a model that the other agent can use, and never its mode', () => {
  expect(choiceOfAgent('goose', 'a', [], [GOOSE])).toEqual({ agent: 'goose', model: 'a', mode: null });
  expect(choiceOfAgent('goose', 'b', [], [GOOSE])).toEqual({ agent: 'goose', model: null, mode: null });
  expect(choiceOfAgent('boocode', 'b', [model('b')], [GOOSE])).toEqual({ agent: 'boocode', model: 'b', mode: null });
});
