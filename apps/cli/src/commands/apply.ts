import { type ChangeAction, actOnChanges } from '../changes/act-on-changes.ts';
import { type Command, JSON_OPTION } from '../command/command.ts';

const ACTION: ChangeAction = {
  verb: 'apply',
  from: ['pending', 'conflict'],
  nothing: 'Nothing to apply: no changes are pending.',
  act: (api, id, body) => api.applyChanges({ params: { id }, body }),
};

export const apply: Command = {
  name: 'apply',
  group: 'changes',
  summary: 'Take pending changes into your folder, all or none',
  args: [
    { name: 'ID', summary: 'A session, or a task of it' },
    { name: 'PATH', summary: 'Only these files or folders, as `boocode changes` shows them', isOptional: true, isRepeated: true },
  ],
  options: { ...JSON_OPTION },
  run: (context, given) => actOnChanges(context, given, ACTION, null),
};
