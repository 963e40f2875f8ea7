import { stat } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import type { PermissionRequest } from '@boocode/contracts/permission.ts';
import { type AccessDecision, decideAccess } from '@boocode/tools/access-policy.ts';
import { isInside } from './agent-paths.ts';
import type { PermissionAnswer, Prompt } from './backend.ts';

/** What an agent wants to do, with the files that it names. */
export interface AgentRequest extends PermissionRequest {
  /** Absolute, or from the worktree. */
  readonly paths: readonly string[];
}

/**
 * Answers an agent's request as the turn's access says, and asks the person where it leaves that open. The rules are those of our own tools; an edit outside
 * the worktree is asked for in every access but `full`. A question to the person is always theirs.
 */
export async function askByAccess(prompt: Prompt, cwd: string, request: AgentRequest, signal: AbortSignal): Promise<PermissionAnswer> {
  const { paths, ...question } = request;
  const decision = await decide(prompt, cwd, request.kind, paths);
  if (decision.type === 'allow') return { allowed: true, optionId: null, note: null };
  if (decision.type === 'refuse') return { allowed: false, optionId: null, note: decision.reason };
  return prompt.ask({ ...question, reason: question.reason ?? decision.reason }, signal);
}

async function decide({ access }: Prompt, cwd: string, kind: PermissionRequest['kind'], paths: readonly string[]): Promise<AccessDecision> {
  switch (kind) {
    case 'question':
      return { type: 'ask', reason: 'The agent asks you.' };
    case 'read':
      return { type: 'allow' };
    case 'execute':
    case 'script':
      return decideAccess({ type: 'execute', command: '' }, null, access);
    case 'fetch':
    case 'other':
      if (access === 'full') return { type: 'allow' };
      return access === 'read-only' ? { type: 'refuse', reason: 'This turn is read-only.' } : { type: 'ask', reason: 'Its effects are not known.' };
    case 'edit': {
      const decisions = await Promise.all((paths.length === 0 ? [null] : paths).map((path) => decideEdit(path, cwd, access)));
      return decisions.find(({ type }) => type === 'refuse') ?? decisions.find(({ type }) => type === 'ask') ?? { type: 'allow' };
    }
  }
}

async function decideEdit(path: string | null, cwd: string, access: Prompt['access']): Promise<AccessDecision> {
  if (path === null) return decideAccess({ type: 'edit', path: '' }, null, access);
  const absolute = resolve(cwd, path);
  const inside = relative(cwd, absolute);
  if (!isInside(cwd, absolute) && access !== 'full' && access !== 'read-only') return { type: 'ask', reason: 'The file lies outside the worktree.' };
  const facts = await stat(absolute).catch(() => null); // a new file
  return decideAccess({ type: 'edit', path: inside }, { path: inside, isExecutable: facts !== null && facts.isFile() && (facts.mode & 0o111) !== 0 }, access);
}
