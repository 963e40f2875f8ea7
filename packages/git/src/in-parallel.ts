/** Runs `work` for every item, a few at a time. All that was started has ended when this settles; the first failure is thrown. */
export async function inParallel<T>(items: readonly T[], work: (item: T, index: number) => Promise<void>): Promise<void> {
  const queue = items.entries();
  const failures: unknown[] = [];
  const worker = async () => {
    for (const [index, item] of queue) {
      if (failures.length > 0) return;
      await work(item, index).catch((error: unknown) => failures.push(error));
    }
  };
  await Promise.all(Array.from({ length: Math.min(8, items.length) }, worker));
  if (failures.length > 0) throw failures[0];
}
