import { defineConfig } from 'vitest/config'

// An event is a process, and a model runs a dozen of them.
export default defineConfig({ test: { testTimeout: 60_000 } })
