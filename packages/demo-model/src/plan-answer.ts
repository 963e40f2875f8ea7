import { type Answer, type PlannedCall, type Segment, spoken } from './answer.ts';
import { type ChatMessage, type ChatRequest, offeredTools, textOf, type ToolOffer } from './chat-request.ts';
import { type Directive, hasDirectives, parseDirectives } from './directive.ts';
import { planFriendlyAnswer } from './friendly-answer.ts';
import { chooseTool, fillInput } from './tool-choice.ts';

/** Decides the answer from the request alone: the next step of a script follows from the tool calls made since the prompt that holds it. */
export function planAnswer(request: ChatRequest, perSecond: number | null): Answer {
  const tools = offeredTools(request);
  if (tools.length === 0 && asksForTitle(request)) return { segments: [spoken('text', 'Demo conversation', perSecond)], calls: [] };
  const prompts = request.messages.flatMap((message, index) => (message.role === 'user' ? [index] : []));
  const last = prompts.at(-1) ?? -1;
  const scripted = prompts.findLast((index) => hasDirectives(textAt(request, index))) ?? -1;
  const goesOn = scripted >= 0 && (scripted === last || prompts.filter((index) => index > scripted).every((index) => isContinue(textAt(request, index))));
  if (!goesOn) return planFriendlyAnswer(request, friendlyStart(request, prompts), tools, perSecond);
  const directives = parseDirectives(textAt(request, scripted));
  return planStep(directives, countCalls(request.messages.slice(scripted + 1)), tools, perSecond);
}

/** The answer that comes after `done` calls of a script. */
function planStep(directives: readonly Directive[], done: number, tools: readonly ToolOffer[], perSecond: number | null): Answer {
  const segments: Segment[] = [];
  const calls: PlannedCall[] = [];
  let seen = 0;
  for (const directive of directives) {
    const call = callOf(directive, tools);
    if (call !== null && directive.type !== 'loop' && seen < done) {
      seen += 1;
      segments.length = 0;
      continue;
    }
    if (calls.length > 0 && !(directive.type === 'call' && directive.together)) break;
    if (call === null || directive.type === 'printed-call') segments.push(...segmentsOf(directive, perSecond));
    else calls.push(call);
    if (directive.type === 'printed-call') break;
  }
  if (tools.length > 0 || calls.length === 0) return { segments, calls };
  return { segments: [...segments, spoken('text', `(The script calls "${calls[0]?.name ?? ''}", but this request offers no tools.)`, perSecond)], calls: [] };
}

function callOf(directive: Directive, tools: readonly ToolOffer[]): PlannedCall | null {
  switch (directive.type) {
    case 'call':
    case 'printed-call':
      return { name: directive.name, input: directive.input };
    case 'loop': {
      if (directive.name !== null) return { name: directive.name, input: directive.input };
      const tool = chooseTool(tools, 'list') ?? tools[0];
      return tool === undefined ? { name: 'list', input: '{}' } : { name: tool.name, input: JSON.stringify(fillInput(tool, { path: '.' })) };
    }
    case 'say':
    case 'think':
    case 'stream':
    case 'stall':
    case 'hang':
    case 'fault':
    case 'unknown':
      return null;
  }
}

function segmentsOf(directive: Directive, perSecond: number | null): readonly Segment[] {
  switch (directive.type) {
    case 'say':
      return [spoken('text', directive.text, perSecond)];
    case 'think':
      return [spoken('reasoning', directive.text, perSecond)];
    case 'stream':
    case 'stall':
    case 'hang':
    case 'fault':
      return [directive];
    case 'printed-call':
      return [{ type: 'text', pieces: cutSmall(print(directive)), perSecond }];
    case 'unknown':
      return [spoken('text', `The demo model does not know the directive "demo: ${directive.line}".`, perSecond)];
    case 'call':
    case 'loop':
      return [];
  }
}

function print(call: Extract<Directive, { type: 'printed-call' }>): string {
  if (call.dialect === 'hermes') return `<tool_call>\n{"name": ${JSON.stringify(call.name)}, "arguments": ${call.input}}\n</tool_call>`;
  const parameters = Object.entries(parseObject(call.input)).map(([name, value]) => {
    return `<parameter name="${name}">${typeof value === 'string' ? value : JSON.stringify(value)}</parameter>\n`;
  });
  return `<function_calls>\n<invoke name="${call.name}">\n${parameters.join('')}</invoke>\n</function_calls>`;
}

function parseObject(json: string): object {
  const value: unknown = JSON.parse(json);
  return typeof value === 'object' && value !== null ? value : {};
}

function cutSmall(text: string): readonly string[] {
  return text.match(/[\s\S]{1,5}/g) ?? [];
}

/** A prompt that only says "go on" (`Continue.`, `please go on`) leaves the script where it is. */
function isContinue(text: string): boolean {
  return text.length < 2_000 && /\b(continue|go on|carry on|resume|interrupted)\b/i.test(text);
}

function friendlyStart(request: ChatRequest, prompts: readonly number[]): number {
  return prompts.findLast((index) => !isContinue(textAt(request, index))) ?? prompts.at(-1) ?? request.messages.length - 1;
}

function asksForTitle(request: ChatRequest): boolean {
  const system = request.messages.filter((message) => message.role !== 'user' && message.role !== 'assistant').map(textOf);
  const last = request.messages.findLast((message) => message.role === 'user');
  const prose = last === undefined ? '' : textOf(last).replace(/^.*demo:.*$/gim, '');
  return [...system, prose].some((text) => /\b(title|summari[sz]e)\b/i.test(text));
}

function countCalls(messages: readonly ChatMessage[]): number {
  return messages.reduce((sum, message) => sum + (message.tool_calls?.length ?? 0), 0);
}

function textAt(request: ChatRequest, index: number): string {
  const message = request.messages[index];
  return message === undefined ? '' : textOf(message);
}
