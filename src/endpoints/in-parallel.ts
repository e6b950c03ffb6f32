// Bounded parallelism for hook tools: each is a process that mostly waits for Juju's answer.

const AT_ONCE = 16

/** Do the work for all items, a bounded number at a time. The first failure ends it. */
export async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const waiting = items.values()
  const worker = async () => {
    for (const item of waiting) await work(item)
  }
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, items.length) }, worker))
}
