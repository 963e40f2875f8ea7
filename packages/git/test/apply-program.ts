import { readFileSync } from 'node:fs';
import { applyChanges, invertEdit } from '../src/apply-changes.ts';
import { recoverApplies } from '../src/recover-applies.ts';
import { openRepository } from '../src/repository.ts';
import { openGit } from '../src/run-git.ts';

/* Applies, rewinds or recovers in a process of its own, to be killed: node apply-program.ts <options.json>. Prints "go" when it starts and "done" at its end. */
const options = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8'));
const git = openGit({ env: options.env });
if (options.action === 'recover') {
  process.stdout.write('go\n');
  await recoverApplies(options.journalDir);
} else {
  const { tree } = await openRepository(git, options.folder);
  process.stdout.write('go\n');
  const edits = options.action === 'rewind' ? options.edits.map(invertEdit) : options.edits;
  await applyChanges(git, { tree, prefix: '', edits, journalDir: options.journalDir, id: options.id, note: { action: options.action }, now: 1 });
}
process.stdout.write('done\n');
