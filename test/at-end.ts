// What a test does when it has ended. The hook is in a setup file of vitest, which runs before each file of tests: in a
// module that a worker loads once it would be registered for the first file alone.

import { subscribe } from 'node:diagnostics_channel'
import { afterEach, expect } from 'vitest'

const cleanups: (() => unknown)[] = []
const lackingTools: unknown[] = []

subscribe('charms.reactive:lacking-tool', (tool) => lackingTools.push(tool))

/** Do something when the test has ended; the latest first. */
export function atEnd(cleanup: () => unknown): void {
  cleanups.push(cleanup)
}

/** The hook tools that charms have called and their simulated Juju does not have: for a test that is about them. */
export function takeLackingTools(): unknown[] {
  return lackingTools.splice(0)
}

export function cleanUpAtEnd(): void {
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
    // Whatever the test is about, and however its units were made.
    expect(takeLackingTools()).toEqual([])
  })
}
