import DOMPurify from 'dompurify';
import { Marked, type Token } from 'marked';

const marked = new Marked({
  gfm: true,
  renderer: {
    // a picture would be fetched from somewhere else, which the page never does: it becomes a link
    image({ href, text }) {
      return `<a href="${escapeAttribute(href)}">${escapeAttribute(text === '' ? href : text)}</a>`;
    },
    html({ text }) {
      return escapeAttribute(text);
    },
  },
});

/** One block as safe HTML. Links open outside of BooCode and tell nobody where they were. */
export function blockHtml(token: Token): string {
  const html = marked.parser([token]);
  const fragment = DOMPurify.sanitize(html, {
    RETURN_DOM_FRAGMENT: true,
    FORBID_TAGS: ['style', 'form', 'img'],
    FORBID_ATTR: ['style', 'id', 'class', 'name'],
  });
  for (const link of fragment.querySelectorAll('a')) {
    link.target = '_blank';
    link.rel = 'noopener noreferrer';
  }
  for (const box of fragment.querySelectorAll('input')) box.setAttribute('aria-label', box.checked ? 'Done' : 'Not done');
  for (const area of fragment.querySelectorAll('pre, table')) area.setAttribute('tabindex', '0');
  const holder = document.createElement('div');
  holder.append(fragment);
  return holder.innerHTML;
}

function escapeAttribute(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
