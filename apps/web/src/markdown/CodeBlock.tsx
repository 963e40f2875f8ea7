import { memo, useMemo } from 'react';
import { CodeArea } from '../ui/CodeArea.tsx';
import { CopyButton } from '../ui/CopyButton.tsx';
import { findLanguage } from './highlight.ts';
import { useHighlight } from './use-highlight.ts';

/** A fenced block. While it is still being written it stays plain: colouring it on every token costs too much. */
export const CodeBlock = memo(function CodeBlock({ code, language, isOpen }: { code: string; language: string; isOpen: boolean }) {
  const highlight = useHighlight(isOpen || language === '' ? null : findLanguage(language));
  const html = useMemo(() => (highlight === null ? null : highlight(code)), [highlight, code]);
  return (
    <div className="well group">
      <div className="flex h-8 items-center justify-between border-b border-line pr-1 pl-3 text-12 text-fg-2">
        <span>{language === '' ? 'text' : language}</span>
        <CopyButton text={code} label="Copy code" />
      </div>
      <CodeArea label={`Code, ${language === '' ? 'text' : language}`} className="code p-3 !border-0 !bg-transparent">
        {html === null ? <code>{code}</code> : <code dangerouslySetInnerHTML={{ __html: html }} />}
      </CodeArea>
    </div>
  );
});
