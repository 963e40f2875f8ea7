/** Milliseconds since the epoch with fractions: the same clock as the demo model's stamps. */
export function preciseNow(): number {
  return performance.timeOrigin + performance.now();
}
