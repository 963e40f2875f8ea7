import * as z from 'zod/mini';
import { defineTool } from './tool.ts';

export const todoTool = defineTool({
  name: 'todo',
  kind: 'think',
  description: 'Write down the plan of a task with several steps, and keep it current. Gives the whole list each time.',
  input: z.strictObject({
    items: z.array(z.strictObject({ text: z.string().check(z.minLength(1)), status: z.enum(['pending', 'in_progress', 'done']) })).check(z.maxLength(50)),
  }),
  title: (input) => `Plan: ${input.items.filter((item) => item.status === 'done').length} of ${input.items.length} done`,
  effect: () => ({ type: 'none' }),
  run: async (input) => ({ text: input.items.map((item) => `${MARKS[item.status]} ${item.text}`).join('\n') || '(no plan)' }),
});

const MARKS = { pending: '[ ]', in_progress: '[~]', done: '[x]' } as const;
