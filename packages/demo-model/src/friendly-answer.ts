import { type Answer, type PlannedCall, type Segment, spoken } from './answer.ts';
import { type ChatMessage, type ChatRequest, textOf, type ToolOffer } from './chat-request.ts';
import { improve, type Improvement } from './improve-readme.ts';
import { chooseTool, fillInput, type ToolWords } from './tool-choice.ts';

interface Exchange {
  readonly name: string;
  readonly input: string;
  readonly result: string;
}

/**
 * Without directives: look at the listing, read the README, make one small true improvement, say what was done.
 * Each request is answered from the calls and results since the prompt at `start`.
 */
export function planFriendlyAnswer(request: ChatRequest, start: number, tools: readonly ToolOffer[], perSecond: number | null): Answer {
  const say = (text: string): Segment => spoken('text', text, perSecond);
  const think = (text: string): Segment => spoken('reasoning', text, perSecond);
  const look = lister(tools);
  const read = reader(tools);
  const change = chooseTool(tools, 'edit') ?? chooseTool(tools, 'write');
  if (look === null || read === null || change === null) {
    return {
      segments: [
        say(
          `I am BooCode's demo model: a small program that follows a script. ${tools.length === 0 ? 'This request offers no tools' : 'The tools offered here do not let me list, read and edit files'}, so all I can do is answer. ${HINT}`,
        ),
      ],
      calls: [],
    };
  }
  const done = exchanges(request.messages.slice(start + 1));
  const folder = workingFolder(request);
  const place = (path: string): string => (folder === null ? path : `${folder}/${path}`);
  const [listing, reading, changing] = done;
  if (listing === undefined) {
    return {
      segments: [
        think('I am the demo model. I will look around, read the README and make one small improvement.'),
        say('I am the demo model, so I keep it small: I look around first.'),
      ],
      calls: [look(folder ?? '.')],
    };
  }
  const entries = namesIn(listing.result);
  const readme = entries.find((name) => /^readme(\.(md|markdown|rst|txt|adoc))?$/i.test(name)) ?? null;
  if (readme !== null && reading === undefined)
    return { segments: [say(`\`${readme}\` tells what the project is, so I read it.`)], calls: [read(place(readme))] };
  const improvement = readme === null ? newReadme(entries) : improve(readme, withoutLineNumbers(reading?.result ?? ''), entries);
  const made = readme === null ? reading : changing;
  if (improvement === null) return { segments: [say(`\`${readme ?? 'README.md'}\` already says what I could add, so I changed nothing. ${HINT}`)], calls: [] };
  if (made === undefined) {
    const call = changeCall(tools, improvement, readme === null ? null : withoutLineNumbers(reading?.result ?? ''), place);
    if (call !== null) return { segments: [think(improvement.reason), say(improvement.intent)], calls: [call] };
  }
  if (/^(error|cannot|refused|denied)|not allowed|was refused/i.test(made?.result ?? '')) {
    return { segments: [say(`The change was not made: ${firstLine(made?.result ?? '')} ${HINT}`)], calls: [] };
  }
  return { segments: [say(`${improvement.summary} Nothing else was touched. ${HINT}`)], calls: [] };
}

const HINT = 'Connect a real model to have real work done.';

function lister(tools: readonly ToolOffer[]): ((path: string) => PlannedCall) | null {
  const list = chooseTool(tools, 'list');
  if (list !== null) return (path) => planned(list, { path, pattern: '*' });
  const shell = chooseTool(tools, 'shell');
  return shell === null ? null : () => planned(shell, { command: 'ls' });
}

function reader(tools: readonly ToolOffer[]): ((path: string) => PlannedCall) | null {
  const read = chooseTool(tools, 'read');
  if (read !== null) return (path) => planned(read, { path });
  const shell = chooseTool(tools, 'shell');
  return shell === null ? null : (path) => planned(shell, { command: `cat '${path}'` });
}

function changeCall(tools: readonly ToolOffer[], improvement: Improvement, content: string | null, place: (path: string) => string): PlannedCall | null {
  const path = place(improvement.path);
  const edit = chooseTool(tools, 'edit');
  const write = chooseTool(tools, 'write');
  if (edit !== null && improvement.oldText !== null) return planned(edit, { path, oldText: improvement.oldText, newText: improvement.newText });
  if (write === null) return null;
  return planned(write, {
    path,
    content: improvement.oldText === null || content === null ? improvement.newText : content.replace(improvement.oldText, () => improvement.newText),
  });
}

function planned(tool: ToolOffer, words: ToolWords): PlannedCall {
  return { name: tool.name, input: JSON.stringify(fillInput(tool, words)) };
}

function newReadme(entries: readonly string[]): Improvement {
  const list = entries.slice(0, 20).map((name) => `- \`${name}\``);
  return {
    path: 'README.md',
    oldText: null,
    newText: `# Overview\n\nThe top of this repository holds:\n\n${list.join('\n')}\n`,
    reason: 'There is no README. A first one that lists what is here is short and true.',
    intent: 'There is no README yet, so I write a first one that says what is here.',
    summary: 'I wrote a first `README.md` that lists what the top of the repository holds.',
  };
}

function exchanges(messages: readonly ChatMessage[]): readonly Exchange[] {
  const calls = messages.flatMap((message) => message.tool_calls ?? []);
  const results = messages.filter((message) => message.role === 'tool');
  return calls.map((call, index) => {
    const result = results.find((message) => message.tool_call_id === call.id) ?? results[index];
    return { name: call.function.name, input: call.function.arguments ?? '', result: result === undefined ? '' : textOf(result) };
  });
}

/** The folder that the system prompt names, when it does: many agents want absolute paths. */
function workingFolder(request: ChatRequest): string | null {
  const texts = request.messages.filter((message) => message.role === 'system' || message.role === 'developer' || message.role === 'user').map(textOf);
  for (const text of texts) {
    const match = /(?:working directory|current directory|working folder|cwd|workspace)[^\n/]{0,40}[:\s`"'<>]+(\/[^\s`"'<>]+)/i.exec(text);
    if (match?.[1] !== undefined) return match[1].replace(/[.,;)]+$/, '').replace(/(.)\/$/, '$1');
  }
  return null;
}

/** Names at the top of a listing, in whatever form the tool prints them (plain, `ls -l`, tree, absolute paths). */
function namesIn(listing: string): readonly string[] {
  const names = listing.split(/\r?\n/).flatMap((line) => {
    if (/^\s*$|^total \d|^(Listing|Directory|Found|Contents|Error)\b/i.test(line) || /^\s{2,}\S/.test(line)) return [];
    const word = line.replace(/^[\s│├└─*•-]+/, '').replace(/^\[(DIR|FILE)\]\s*/i, '');
    const name = /^[dl-][rwxst-]{9}/.test(word) ? (word.split(/\s+/).at(-1) ?? '') : (word.split(/\s{2,}|\t| \(/)[0] ?? '');
    const base = name.trim().replace(/^\.\//, '');
    const isFolder = base.endsWith('/');
    const last = base.replace(/\/$/, '').split('/');
    if (!base.startsWith('/') && last.length > 1) return [`${last[0] ?? ''}/`];
    return [`${last.at(-1) ?? ''}${isFolder ? '/' : ''}`];
  });
  return [...new Set(names)].filter((name) => /^[\w.@+-]+( [\w.@+-]+)*\/?$/.test(name) && !/^\.git\/?$/.test(name));
}

/** Takes off the line numbers that read tools print: `   12<tab>`, `12: `, `12|`, `12→`. */
function withoutLineNumbers(text: string): string {
  const lines = text.split('\n');
  const numbered = lines.filter((line) => NUMBERED.test(line));
  if (numbered.length === 0 || numbered.length < lines.filter((line) => line.trim() !== '').length / 2) return text;
  return numbered.map((line) => line.replace(NUMBERED, '')).join('\n');
}

const NUMBERED = /^\s*\d+(?:\t|: |\||→| \| )|^\s*\d+:?$/;

function firstLine(text: string): string {
  return text.split('\n')[0] ?? '';
}
