const MARK = '[secret]';

/** Takes secrets out of a line: the known ones, and whatever stands where tokens, tickets, codes and keys stand. */
export function redact(text: string, secrets: ReadonlySet<string>): string {
  let clean = text
    .replace(/\b(Bearer|Basic)(\s+)[\w.~+/=-]+/gi, `$1$2${MARK}`)
    .replace(/([?&#](?:ticket|code|token|key|api_key|access_token)=)[^&\s"'\\]+/gi, `$1${MARK}`)
    .replace(/(\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@"]*:)[^\s@/"]+(@)/gi, `$1${MARK}$2`)
    .replace(/\bsk-[\w-]{12,}/g, MARK);
  for (const secret of secrets) clean = clean.replaceAll(secret, MARK).replaceAll(JSON.stringify(secret).slice(1, -1), MARK);
  return clean;
}
