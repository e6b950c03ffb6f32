import { configDefaults, defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['**/*.test.ts'],
    // They have suites of their own, of which test/reliability/package.test.ts runs one in TypeScript.
    exclude: [...configDefaults.exclude, 'examples/**'],
    // They end what hangs, also where the machine is busy with other work: no test measures time by them.
    testTimeout: 120_000,
    expect: { poll: { timeout: 60_000 } },
    // Most tests wait for child processes.
    maxWorkers: 3,
    // Modules are loaded once in each worker, not once for each file: nothing here replaces modules, and what is
    // stubbed of the environment ends with its test.
    isolate: false,
    setupFiles: ['test/setup.ts'],
    unstubEnvs: true,
  },
})
