import type { ChangeComment, CreateChangeComment } from '@boocode/contracts/change.ts';
import { BooError } from '@boocode/contracts/error-code.ts';
import { ChangeCommentId, type ChatId } from '@boocode/contracts/ids.ts';
import { plainText } from '@boocode/git/text-style-policy.ts';
import { insertComment } from '../chats/note-store.ts';
import { getSession } from '../sessions/session-routes.ts';
import type { ChangeDeps } from './change-deps.ts';
import type { StoredChange } from './change-store.ts';
import { contentOf } from './edit-worktree.ts';
import { publishChanges } from './publish-changes.ts';

const QUOTED = 200;

/** Keeps what a person says about a line until the agent's next prompt; the agent is told the line itself, too. */
export async function commentOnChange(deps: ChangeDeps, { change, file }: StoredChange, { line, side, text }: CreateChangeComment): Promise<ChangeComment> {
  const blob = side === 'old' ? file.oldBlob : file.newBlob;
  const lines =
    blob === null || change.binary
      ? []
      : plainText(await contentOf(deps, change, blob))
          .toString('utf8')
          .split('\n');
  const quoted = lines[line - 1];
  if (quoted === undefined) throw new BooError('invalid_request', `Cannot comment on "${change.path}": its ${side} text has no line ${line}`);
  const place = side === 'old' ? `line ${line} of ${change.path} as it was before your change` : `line ${line} of ${change.path}`;
  const comment = await insertComment(deps.sql, {
    id: ChangeCommentId.parse(crypto.randomUUID()),
    chatId: await chatOf(deps, change),
    worktreeId: change.worktreeId,
    path: change.path,
    line,
    side,
    text,
    note: `On ${place} (\`${quoted.trim().slice(0, QUOTED).toWellFormed().replaceAll('\0', '')}\`): ${text}`,
  });
  await publishChanges(deps, change.sessionId);
  return comment;
}

/** The chat whose agent made the change, or the one used last. */
async function chatOf(deps: ChangeDeps, change: StoredChange['change']): Promise<ChatId> {
  const { chats } = await getSession(deps.sql, change.sessionId);
  const author = change.taskId === null ? null : await deps.chatOf(change.taskId);
  const [newest] = chats.toSorted((a, b) => (a.updatedAt < b.updatedAt ? 1 : -1));
  const chat = chats.find(({ id }) => id === author) ?? newest;
  if (chat === undefined) throw new BooError('conflict', `Cannot comment on "${change.path}": all chats of its session are closed; open one first`);
  return chat.id;
}
