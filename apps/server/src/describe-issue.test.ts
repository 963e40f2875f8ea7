// oxlint-disable-next-line no-restricted-imports -- as libraries load it: from then on it says its own sentences
import 'zod';
import { expect, it } from 'vitest';
import * as z from 'zod/mini';
import { checkValue, describeFirstIssue } from './describe-issue.ts';

it('a value is described in our words, whoever has loaded zod', () => {
  const schema = z.strictObject({ name: z.string(), count: z.union([z.int(), z.literal('all')]), own: z.string().check(z.minLength(1, 'must not be empty')) });
  const said = (value: unknown) => describeFirstIssue(checkValue(schema, value).error?.issues ?? [], value, 'the body');
  expect(said({})).toBe('"name" in the body is missing: it must be text');
  expect(said({ name: 'a', count: 'x', own: 'y' })).toMatch(/^"count" in the body must be/u);
  expect(said({ name: 'a', count: 1, own: '' })).toBe('"own" in the body must not be empty');
});
