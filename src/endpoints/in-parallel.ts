// Bounded parallelism for hook tools: each is a process that mostly waits for Juju's answer.

const AT_ONCE = 16

/** Do the work for all items, a bounded number at a time. The first failure ends it. */
export async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  // A loop that fails closes a generator, and so ends the others; an array's own iterator cannot be closed.
  const waiting = (function* () {
    yield* items
  })()
  const worker = async () => {
    for (const item of waiting) await work(item)
  }
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, items.length) }, worker))
}
