import { networkInterfaces } from 'node:os';

/** The addresses of this machine, as they can stand in a Host header. */
export function ownAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((each) => (each ?? []).map(({ address }) => address));
}
