import type { Prompt } from '../backend.ts';
import { askByAccess } from '../ask-by-access.ts';
import {
  asksToLeavePlan,
  mapPlanRequest,
  mapQuestionAnswer,
  mapQuestions,
  mapToolAnswer,
  mapToolRequest,
  type ToolAnswer,
  type ToolRequest,
} from './map-permission.ts';

/** Answers what an agent asks leave for: by the turn's access, or by the person. Rejects with an AbortError when the signal aborts. */
export async function answerToolRequest(prompt: Prompt, cwd: string, request: ToolRequest, signal: AbortSignal): Promise<ToolAnswer> {
  const questions = mapQuestions(request);
  if (questions !== null) return answerQuestions(prompt, request, questions, signal);
  if (asksToLeavePlan(request)) {
    if (prompt.access === 'read-only') return { behavior: 'deny', message: 'This turn is read-only: stay with the plan and end your turn.' };
    return mapToolAnswer(request, await prompt.ask(mapPlanRequest(request), signal));
  }
  return mapToolAnswer(request, await askByAccess(prompt, cwd, mapToolRequest(request), signal));
}

async function answerQuestions(
  prompt: Prompt,
  request: ToolRequest,
  questions: NonNullable<ReturnType<typeof mapQuestions>>,
  signal: AbortSignal,
): Promise<ToolAnswer> {
  const answers: Record<string, string> = {};
  const isByNumber = request.tool_name.includes('_'); // qwen counts its questions, claude repeats them
  for (const [index, { question, request: asked }] of questions.entries()) {
    const words = mapQuestionAnswer(asked, await prompt.ask(asked, signal));
    if (words === null) return { behavior: 'deny', message: 'The person did not answer.' };
    answers[isByNumber ? String(index) : question] = words;
  }
  return { behavior: 'allow', updatedInput: { ...request.input, answers } };
}
