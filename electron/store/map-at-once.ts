// Disk work side by side: a thousand synced writes one after the other take a thousand turns of the disk.

/** Work under way together; the disk orders it, more only takes memory. */
const atOnce = 32;

/** The results in the order of the items. The first failure ends it once what is under way has ended. */
export async function mapAtOnce<T, R>(items: Iterable<T>, work: (item: T) => Promise<R>): Promise<R[]> {
  const waiting = [...items].entries();
  const results: R[] = [];
  let failure: { error: unknown } | null = null;
  const worker = async (): Promise<void> => {
    for (const [index, item] of waiting) {
      if (failure !== null) return;
      try {
        results[index] = await work(item);
      } catch (error) {
        failure ??= { error };
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  if (failure !== null) throw (failure as { error: unknown }).error;
  return results;
}
