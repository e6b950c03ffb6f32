import { configDefaults, defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['**/*.test.ts'],
    // They have suites of their own, of which test/end-to-end/examples.test.ts runs those in TypeScript.
    exclude: [...configDefaults.exclude, 'examples/**'],
    testTimeout: 30_000,
    // Most tests wait for child processes.
    maxWorkers: 3,
  },
})
