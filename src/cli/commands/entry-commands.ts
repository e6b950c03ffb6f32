// The entries that Juju starts.

import { UsageError } from '../../errors.ts'
import { AsText } from '../output.ts'
import type { Command } from './command.ts'

/** How the report calls what became of a file. */
const WORDS = { written: 'wrote', unchanged: 'unchanged', kept: "kept the charm's own", removed: 'removed' }

export const ENTRY_COMMANDS: Record<string, Command> = {
  hooks: {
    example: 'hooks install --charm-dir ./my-charm',
    summary: "Write dispatch, hooks/* and actions/*; keep the charm's own files.",
    words: 'install',
    count: [1, 1],
    kind: 'value',
    writes: false,
    async run({ context }, [verb]) {
      if (verb !== 'install') throw new UsageError(`the only verb is install: ${verb}`)
      const { installHooks } = await import('../../dispatch/hook-stubs.ts')
      const installed = installHooks(context.charmDir, context.shellDir)
      const lines = Object.entries(WORDS).flatMap(([key, word]) =>
        installed[key as keyof typeof installed].map((name) => `${word} ${name}\n`),
      )
      return { value: new AsText(installed, lines.join('')) }
    },
  },
}
