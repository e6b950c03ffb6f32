// Juju's hook tools, one small function per tool. Each says whether it reads, whether what it changes is
// buffered until the hook succeeds (and dropped when it fails), or whether it happens immediately.

export * from './hook-tools/action.ts'
export * from './hook-tools/network.ts'
export * from './hook-tools/relation.ts'
export { runHookTool } from './hook-tools/run.ts'
export * from './hook-tools/secret.ts'
export * from './hook-tools/unit.ts'
