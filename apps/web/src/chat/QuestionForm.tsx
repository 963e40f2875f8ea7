import type { PermissionOption } from '@boocode/contracts/permission.ts';
import { useState } from 'react';
import type { PermissionAnswers } from './permission-answers.ts';

interface QuestionFormProps {
  readonly answers: PermissionAnswers;
  readonly isBusy: boolean;
  readonly onAnswer: (option: PermissionOption | undefined, words?: string) => void;
}

/** The answers of a question as buttons, with words of one's own: instead of them where there are several, otherwise beside them. */
export function QuestionForm({ answers: { yes, always, no, inWords }, isBusy, onAnswer }: QuestionFormProps) {
  const [words, setWords] = useState('');
  const isOpen = yes.length === 0 && inWords !== null;
  const label = isOpen ? 'Your answer' : inWords === null ? 'Something to say with it' : 'Or answer in your own words';
  const noes = no.map(({ option, label: word }) => (
    <button key={option.id} type="button" className="btn text-fg-1" disabled={isBusy} onClick={() => onAnswer(option, words)}>
      {word}
    </button>
  ));
  return (
    <form
      className="mt-3 space-y-2"
      onSubmit={(event) => {
        event.preventDefault();
        if (inWords !== null && (isOpen || words.trim() !== '')) onAnswer(inWords, words);
      }}
    >
      {isOpen ? null : (
        <div className="flex flex-wrap gap-2 @max-[520px]/chat:[&>*]:basis-full">
          {[...yes, ...always].map(({ option, label: word }) => (
            <button
              key={option.id}
              type="button"
              className="btn btn-line max-w-full py-1 whitespace-normal [overflow-wrap:anywhere]"
              disabled={isBusy}
              onClick={() => onAnswer(option, inWords === null ? words : '')}
            >
              {word}
            </button>
          ))}
          {noes}
        </div>
      )}
      {yes.length === 0 && !isOpen ? null : (
        <div className="flex flex-wrap gap-2">
          <input
            className="field min-w-0 flex-1 basis-56"
            aria-label={label}
            placeholder={label}
            maxLength={4_000}
            value={words}
            onChange={(event) => setWords(event.target.value)}
          />
          {inWords === null ? null : (
            <button type="submit" className="btn btn-line" disabled={isBusy || (!isOpen && words.trim() === '')}>
              Answer
            </button>
          )}
          {isOpen ? noes : null}
        </div>
      )}
    </form>
  );
}
