// What a test does when it has ended. The hook is in a setup file of vitest, which runs before each file of tests: in a
// module that a worker loads once it would be registered for the first file alone.

import { afterEach } from 'vitest'

const cleanups: (() => unknown)[] = []

/** Do something when the test has ended; the latest first. */
export function atEnd(cleanup: () => unknown): void {
  cleanups.push(cleanup)
}

export function cleanUpAtEnd(): void {
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
  })
}
