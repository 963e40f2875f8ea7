import * as z from 'zod/mini';

// The page's policy forbids eval, so zod must not try it. Imported before every schema.
z.config({ jitless: true });
