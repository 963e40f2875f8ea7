export const UNASKED_MODE = 'bypassPermissions';

const LONG_CONTEXT = '[1m]';
const LONG_CONTEXT_BETA = 'context-1m-2025-08-07';

/** A model's name for the SDK: one that ends in `[1m]` is asked for with a context of a million tokens. */
export function splitModel(model: string | null): { readonly name: string | undefined; readonly betas: readonly string[] } {
  if (model === null) return { name: undefined, betas: [] };
  if (!model.endsWith(LONG_CONTEXT)) return { name: model, betas: [] };
  return { name: model.slice(0, -LONG_CONTEXT.length), betas: [LONG_CONTEXT_BETA] };
}
