import type { AgentEvent, Usage } from '@boocode/contracts/agent-event.ts';
import { childOfCall, liveOutput, mapTool } from './map-opencode-tool.ts';
import type { WireError, WireMessage, WireMessages, WirePart } from './opencode-wire.ts';
import { dcpTagStripper, type TextStripper } from './strip-dcp-tags.ts';
import type { TurnFacts } from './turn-end-policy.ts';

interface Answer {
  readonly step: number;
  readonly isSummary: boolean;
  isDone: boolean;
  finish: string | null;
  error: WireError | null;
}

interface StreamedText {
  readonly type: 'text' | 'reasoning';
  readonly strip: TextStripper;
  /** All of it that has come. */
  raw: string;
  /** Deltas may have been lost: they say no longer where they belong, and the whole text is waited for. */
  isGapped: boolean;
  isOver: boolean;
}

interface Call {
  readonly callId: string;
  /** What was last shown of it. */
  shown: string;
  live: string;
  isOver: boolean;
}

/**
 * Folds what opencode tells of one turn, from events and from reading its messages, into what the transcript shows. Both may come twice, late and in any mixture:
 * a part is known by its id, and of a text only what is longer than what has come is new. What belongs to earlier turns changes nothing.
 */
export class TurnTranscript {
  readonly #promptId: string;
  readonly #cwd: string;
  readonly #now: () => number;
  readonly #contextSize: () => number | null;
  readonly #answers = new Map<string, Answer>();
  readonly #texts = new Map<string, StreamedText>();
  readonly #calls = new Map<string, Call>();
  readonly #steps = new Map<string, { readonly part: WirePart; readonly isChild: boolean }>();
  /** Sessions of sub-agents, with the call that started each. */
  readonly #children = new Map<string, string>();
  readonly #childCalls = new Set<string>();
  #childLines: { readonly childId: string; readonly line: string }[] = [];
  #lastText: string | null = null;

  constructor(options: { readonly promptId: string; readonly cwd: string; readonly now: () => number; readonly contextSize: () => number | null }) {
    this.#promptId = options.promptId;
    this.#cwd = options.cwd;
    this.#now = options.now;
    this.#contextSize = options.contextSize;
  }

  get facts(): Omit<TurnFacts, 'isIdle'> {
    const answers = [...this.#answers.values()];
    const last = answers.at(-1);
    return {
      hasAnswer: last !== undefined,
      isWhole: answers.every(({ isDone }) => isDone) && [...this.#texts.values(), ...this.#calls.values()].every(({ isOver }) => isOver),
      finish: last?.finish ?? null,
      isSummary: last?.isSummary ?? false,
      hasError: last?.error != null,
    };
  }

  /** How the last answer failed. */
  get error(): WireError | null {
    return [...this.#answers.values()].at(-1)?.error ?? null;
  }

  get answerCount(): number {
    return this.#answers.size;
  }

  get isEmpty(): boolean {
    return this.#calls.size === 0 && [...this.#texts.values()].every(({ raw }) => raw.trim() === '');
  }

  /** The call of the chat in which a sub-agent works. */
  callOfChild(childId: string): string | null {
    return this.#children.get(childId) ?? null;
  }

  applyMessage(message: WireMessage): readonly AgentEvent[] {
    if (message.role !== 'assistant' || !(message.parentID === this.#promptId || message.id > this.#promptId)) return [];
    const known = this.#answers.get(message.id);
    const answer = known ?? { step: this.#answers.size, isSummary: message.summary === true, isDone: false, finish: null, error: null };
    answer.isDone ||= message.time.completed != null;
    answer.finish = message.finish ?? answer.finish;
    answer.error = message.error ?? answer.error;
    if (known !== undefined) return [];
    this.#answers.set(message.id, answer);
    if (!answer.isSummary) return [{ type: 'activity', activity: { phase: 'waiting_for_model', detail: null } }];
    return [
      {
        type: 'notice',
        level: 'info',
        code: 'compacted',
        text: 'opencode replaced the older part of the conversation by a summary, so that it fits.',
      },
    ];
  }

  applyPart(part: WirePart): readonly AgentEvent[] {
    const answer = this.#answers.get(part.messageID);
    if (answer === undefined) return [];
    switch (part.type) {
      case 'text':
      case 'reasoning':
        return answer.isSummary ? [] : this.#applyText(part, part.type);
      case 'tool':
        return this.#applyTool(part, answer.step);
      case 'step-finish':
        return this.#applyStep(part, false);
      default:
        return [];
    }
  }

  applyDelta(partId: string, delta: string): readonly AgentEvent[] {
    const text = this.#texts.get(partId);
    if (text === undefined || text.isGapped || text.isOver) return [];
    text.raw += delta;
    return this.#give(partId, text, text.strip.push(delta));
  }

  /** Events may have been lost. */
  markGap(): void {
    for (const text of this.#texts.values()) text.isGapped ||= !text.isOver;
  }

  applyMessages(messages: WireMessages): readonly AgentEvent[] {
    return messages.flatMap(({ info, parts }) => [...this.applyMessage(info), ...parts.flatMap((part) => this.#applyRead(part))]);
  }

  /** What a sub-agent does is the live output of the call that started it. */
  applyChildPart(part: WirePart): readonly AgentEvent[] {
    if (part.type === 'step-finish') return this.#applyStep(part, true);
    const { callID, state, tool } = part;
    if (part.type !== 'tool' || callID == null || state == null || state.status === 'pending' || this.#childCalls.has(callID)) return [];
    this.#childCalls.add(callID);
    const { title = '' } = mapTool({ callId: callID, name: tool ?? 'tool', state }, { cwd: this.#cwd, at: this.#now() });
    this.#childLines.push({ childId: part.sessionID, line: `${title.split('\n')[0]?.slice(0, 200) ?? ''}\n` });
    return this.#giveChildLines();
  }

  /** A sub-agent of a sub-agent is shown in the same call. */
  addChild(childId: string, parentId: string): readonly AgentEvent[] {
    const callId = this.#children.get(parentId);
    if (callId !== undefined) this.#children.set(childId, callId);
    return this.#giveChildLines();
  }

  /** The held-back ends of texts. */
  flush(): readonly AgentEvent[] {
    return [...this.#texts].flatMap(([id, text]) => (text.isOver ? [] : this.#endText(id, text)));
  }

  /** A text that is found unfinished when it is read may have got deltas that were lost. */
  #applyRead(part: WirePart): readonly AgentEvent[] {
    const isNew = !this.#texts.has(part.id);
    const events = this.applyPart(part);
    const text = this.#texts.get(part.id);
    if (isNew && text !== undefined) text.isGapped = !text.isOver;
    return events;
  }

  #applyText(part: WirePart, type: StreamedText['type']): readonly AgentEvent[] {
    const text = this.#texts.get(part.id) ?? { type, strip: dcpTagStripper(), raw: '', isGapped: false, isOver: false };
    this.#texts.set(part.id, text);
    if (text.isOver) return [];
    const whole = part.text ?? '';
    const isLonger = whole.length > text.raw.length && whole.startsWith(text.raw);
    const added = isLonger ? whole.slice(text.raw.length) : '';
    if (isLonger) text.raw = whole;
    const given = this.#give(part.id, text, text.strip.push(added));
    return part.time?.end == null ? given : [...given, ...this.#endText(part.id, text)];
  }

  #endText(id: string, text: StreamedText): readonly AgentEvent[] {
    text.isOver = true;
    return this.#give(id, text, text.strip.flush());
  }

  /** Two texts with nothing between them would run into each other. */
  #give(id: string, { type }: StreamedText, delta: string): readonly AgentEvent[] {
    if (delta === '') return [];
    const previous = this.#lastText;
    this.#lastText = id;
    const isJoined = previous !== null && previous !== id && this.#texts.get(previous)?.type === type;
    return [{ type, delta: isJoined ? `\n\n${delta}` : delta }];
  }

  #applyTool({ callID, tool, state }: WirePart, step: number): readonly AgentEvent[] {
    if (callID == null || state == null) return [];
    const call = this.#calls.get(callID) ?? { callId: callID, shown: '', live: '', isOver: false };
    this.#calls.set(callID, call);
    if (call.isOver) return [];
    this.#lastText = null;
    const childId = childOfCall(state);
    if (childId !== null) this.#children.set(childId, callID);
    const mapped = { ...mapTool({ callId: callID, name: tool ?? 'tool', state }, { cwd: this.#cwd, at: this.#now() }), step };
    call.isOver = mapped.status !== 'pending' && mapped.status !== 'running';
    const shown = JSON.stringify({ ...mapped, at: 0 });
    const events: AgentEvent[] = call.shown === shown ? [] : [mapped];
    if (mapped.status === 'running' && events.length > 0) events.push({ type: 'activity', activity: { phase: 'running_tool', detail: mapped.title ?? null } });
    call.shown = shown;
    const live = liveOutput(state);
    if (live.length > call.live.length && live.startsWith(call.live)) events.push({ type: 'tool_output', callId: callID, delta: live.slice(call.live.length) });
    call.live = live;
    return [...events, ...this.#giveChildLines()];
  }

  #giveChildLines(): readonly AgentEvent[] {
    const ready = this.#childLines.filter(({ childId }) => this.#children.has(childId));
    this.#childLines = this.#childLines.filter(({ childId }) => !this.#children.has(childId));
    return ready.map(({ childId, line }) => ({ type: 'tool_output', callId: this.#children.get(childId) ?? '', delta: line }));
  }

  #applyStep(part: WirePart, isChild: boolean): readonly AgentEvent[] {
    if (this.#steps.has(part.id)) return [];
    this.#steps.set(part.id, { part, isChild });
    return [{ type: 'usage', usage: this.#usage() }];
  }

  /** Sub-agents count for what is spent, but not for what is in this conversation's context. */
  #usage(): Usage {
    const steps = [...this.#steps.values()];
    const sum = (count: (tokens: NonNullable<WirePart['tokens']>) => number): number =>
      steps.reduce((total, { part }) => total + (part.tokens == null ? 0 : Math.round(count(part.tokens))), 0);
    const cost = steps.reduce((total, { part }) => total + (part.cost ?? 0), 0);
    const last = steps.findLast(({ isChild }) => !isChild)?.part.tokens;
    return {
      inputTokens: sum(({ input, cache }) => input + cache.read + cache.write),
      outputTokens: sum(({ output, reasoning }) => output + reasoning),
      cachedTokens: sum(({ cache }) => cache.read),
      contextUsed: last == null ? null : Math.round(last.input + last.cache.read + last.cache.write + last.output + last.reasoning),
      contextSize: this.#contextSize(),
      cost: cost === 0 ? null : cost,
    };
  }
}
