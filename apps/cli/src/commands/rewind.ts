import { type ChangeAction, actOnChanges, CHOICE_OPTIONS, CONFIRM_OPTION } from '../changes/act-on-changes.ts';
import { type Command, JSON_OPTION } from '../command/command.ts';

const ACTION: ChangeAction = {
  verb: 'rewind',
  from: ['applied'],
  nothing: 'Nothing to rewind: no changes are applied.',
  act: (api, id, body) => api.rewindChanges({ params: { id }, body }),
};

export const rewind: Command = {
  name: 'rewind',
  group: 'changes',
  summary: 'Take applied changes back out of your folder',
  args: [
    { name: 'ID', summary: 'A session, or a task of it' },
    { name: 'PATH', summary: 'Only these files or folders, as `boocode changes` shows them', isOptional: true, isRepeated: true },
  ],
  options: { ...CHOICE_OPTIONS, ...CONFIRM_OPTION, ...JSON_OPTION },
  run: (context, given) => actOnChanges(context, given, ACTION, {}),
};
