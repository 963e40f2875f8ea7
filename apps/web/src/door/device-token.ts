const KEY = 'boocode.token';

/** The token of this device, kept for its origin alone. */
export function readDeviceToken(): string | null {
  return localStorage.getItem(KEY);
}

export function keepDeviceToken(token: string): void {
  localStorage.setItem(KEY, token);
}

export function forgetDeviceToken(): void {
  localStorage.removeItem(KEY);
}
