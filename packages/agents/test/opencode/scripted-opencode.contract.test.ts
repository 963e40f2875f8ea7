import { newPrompt } from '../open-options.ts';
import { describeAgentContract } from '../contract/agent-contract.ts';
import { textOf, watchTurn } from '../watch-turn.ts';
import { say, script, startScriptedOpencode } from './scripted-opencode-backend.ts';

describeAgentContract('the opencode backend with a scripted server', {}, async () => {
  const { backend, [Symbol.asyncDispose]: dispose } = await startScriptedOpencode();
  return {
    backend,
    script: {
      say: (text) => script(say(text)),
      think: (text) => script(`think ${JSON.stringify(text)}`, say('done')),
      write: (path, content) => script(`write ${JSON.stringify({ path, content })}`, say('done')),
      shell: (command) => script(`shell ${command}`, say('done')),
      sayForever: () => script('forever'),
      fail: (how) => script(say('partial'), `fail ${how}`),
    },
    remembers: async (session, words) => {
      const { state } = await watchTurn(session.prompt(newPrompt(script('recall')), new AbortController().signal));
      return textOf(state).includes(words);
    },
    kill: null,
    isSlow: false,
    [Symbol.asyncDispose]: dispose,
  };
});
