const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "manifest-src 'self'",
  "worker-src 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

const PERMISSIONS = ['camera', 'display-capture', 'geolocation', 'microphone', 'payment', 'usb', 'serial', 'hid'].map((name) => `${name}=()`).join(', ');

const FIXED = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': PERMISSIONS,
} as const;

/** Headers of every answer. `host` is a Host that was found to be allowed, or null. */
export function securityHeaders(host: string | null): Readonly<Record<string, string>> {
  return { ...FIXED, 'content-security-policy': `${POLICY}; connect-src ${connectSources(host)}` };
}

/** `'self'` covers our own socket by the standard; older Safari needs it by name. A bracketed address cannot be named in a policy. */
function connectSources(host: string | null): string {
  return host === null || host.startsWith('[') ? "'self'" : `'self' ws://${host} wss://${host}`;
}
