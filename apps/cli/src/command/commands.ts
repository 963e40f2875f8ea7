import { agents, agentsRefresh } from '../commands/agents.ts';
import { agentsAdd, agentsCatalogue } from '../commands/agents-catalogue.ts';
import { apply } from '../commands/apply.ts';
import { attach } from '../commands/attach.ts';
import { bringBack } from '../commands/bring-back.ts';
import { cancel } from '../commands/cancel.ts';
import { changes } from '../commands/changes.ts';
import { checkpoints } from '../commands/checkpoints.ts';
import { continueTask } from '../commands/continue.ts';
import { costs } from '../commands/costs.ts';
import { deleteCommand } from '../commands/delete.ts';
import { demo } from '../commands/demo.ts';
import { discard } from '../commands/discard.ts';
import { doctor } from '../commands/doctor.ts';
import { exportChat } from '../commands/export.ts';
import { importCommand } from '../commands/import.ts';
import { inbox } from '../commands/inbox.ts';
import { ls } from '../commands/ls.ts';
import { models } from '../commands/models.ts';
import { open } from '../commands/open.ts';
import { permitAllow, permitAnswer, permitDeny } from '../commands/permit-answer.ts';
import { permitLs } from '../commands/permit-ls.ts';
import { permitRules, permitRulesRm } from '../commands/permit-rules.ts';
import { projects } from '../commands/projects.ts';
import { reject } from '../commands/reject.ts';
import { rename } from '../commands/rename.ts';
import { restore } from '../commands/restore.ts';
import { retry } from '../commands/retry.ts';
import { rewind } from '../commands/rewind.ts';
import { run } from '../commands/run.ts';
import { search } from '../commands/search.ts';
import { send } from '../commands/send.ts';
import { serve } from '../commands/serve.ts';
import { sessions } from '../commands/sessions.ts';
import { status } from '../commands/status.ts';
import { stop } from '../commands/stop.ts';
import { trust } from '../commands/trust.ts';
import {
  worktreesLog,
  worktreesLs,
  worktreesPurge,
  worktreesRepair,
  worktreesRestore,
  worktreesRisk,
  worktreesRm,
  worktreesSetup,
  worktreesStash,
  worktreesStashes,
  worktreesUnstash,
} from '../commands/worktrees.ts';
import type { Command } from './command.ts';

/** Every command of the program, in the order in which the help shows them. */
export const commands: readonly Command[] = [
  run,
  ls,
  attach,
  send,
  cancel,
  continueTask,
  retry,
  discard,
  rename,
  deleteCommand,
  bringBack,
  inbox,
  permitLs,
  permitAllow,
  permitDeny,
  permitAnswer,
  permitRules,
  permitRulesRm,
  importCommand,
  trust,
  changes,
  apply,
  reject,
  rewind,
  worktreesLs,
  worktreesRm,
  worktreesRestore,
  worktreesPurge,
  worktreesRisk,
  worktreesStash,
  worktreesUnstash,
  worktreesStashes,
  worktreesLog,
  worktreesSetup,
  worktreesRepair,
  checkpoints,
  restore,
  agents,
  agentsCatalogue,
  agentsAdd,
  agentsRefresh,
  models,
  projects,
  sessions,
  search,
  costs,
  exportChat,
  serve,
  open,
  status,
  stop,
  doctor,
  demo,
];
