import { BooError } from '@boocode/contracts/error-code.ts';

const PLACE = '{prompt}';
/** Linux takes 128 KB for one argument. */
const MAX_ARGUMENT_BYTES = 120_000;

/** The arguments of a command with its prompt: where they say `{prompt}`, otherwise as the last one. */
export function commandArgs(args: readonly string[], prompt: string): string[] {
  if (new TextEncoder().encode(prompt).length > MAX_ARGUMENT_BYTES)
    throw new BooError('too_large', 'Cannot send the message: it is longer than a command takes (120 KB); send less at once');
  const isPlaced = args.some((arg) => arg.includes(PLACE));
  return isPlaced ? args.map((arg) => arg.replaceAll(PLACE, () => prompt)) : [...args, prompt];
}
