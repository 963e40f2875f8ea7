import { type ChangeAction, actOnChanges, CHOICE_OPTIONS } from '../changes/act-on-changes.ts';
import { type Command, JSON_OPTION } from '../command/command.ts';

const ACTION: ChangeAction = {
  verb: 'reject',
  from: ['pending', 'conflict'],
  nothing: 'Nothing to reject: no changes are pending.',
  act: (api, id, body) => api.rejectChanges({ params: { id }, body }),
};

export const reject: Command = {
  name: 'reject',
  group: 'changes',
  summary: 'Throw pending changes away',
  args: [
    { name: 'ID', summary: 'A session, or a task of it' },
    { name: 'PATH', summary: 'Only these files or folders, as `boocode changes` shows them', isOptional: true, isRepeated: true },
  ],
  options: { ...CHOICE_OPTIONS, note: { value: 'TEXT', summary: 'What the agent is told with the next prompt' }, ...JSON_OPTION },
  run(context, given) {
    const note = given.text('note');
    return actOnChanges(context, given, ACTION, note === null ? {} : { note });
  },
};
