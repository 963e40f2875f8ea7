import { ProjectConfigFile } from '@boocode/contracts/config-file.ts';
import { type ParseError, parse } from 'jsonc-parser';

/** What a repository says about its set-up, relative to the project's folder. */
export const PROJECT_CONFIG = '.boocode/project.json';

/** What the text says; nothing at all where it cannot be read. */
export function parseProjectConfig(text: string): ProjectConfigFile {
  const errors: ParseError[] = [];
  const value: unknown = parse(text, errors, { allowTrailingComma: true });
  const parsed = ProjectConfigFile.safeParse(value);
  return errors.length === 0 && parsed.success ? parsed.data : {};
}
