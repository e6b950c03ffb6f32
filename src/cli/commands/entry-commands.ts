// What a charm needs before Juju takes it: the entries that Juju starts, and the archive.

import { UsageError } from '../../errors.ts'
import { AsText } from '../output.ts'
import { type Command, many, one } from './command.ts'

/** How the report calls what became of a file. */
const WORDS = { written: 'wrote', unchanged: 'unchanged', kept: "kept the charm's own", removed: 'removed' }

const NODE = { summary: 'another Node.js binary than the pinned one, for the charm to carry', value: 'FILE' }

export const ENTRY_COMMANDS: Record<string, Command> = {
  hooks: {
    example: 'hooks install --charm-dir ./my-charm',
    summary: "Write dispatch, hooks/* and actions/*; keep the charm's own files.",
    words: 'install',
    kind: 'value',
    options: {
      carry: { summary: 'put the toolkit and its runtime into the charm, in .reactive/' },
      node: NODE,
    },
    async runOnFiles({ charmDir, shellDir }, [verb], options) {
      if (verb !== 'install') throw new UsageError(`the only verb is install: ${verb}`)
      const node = one(options, 'node')
      if (node !== undefined && !options.carry) throw new UsageError(`--node goes with --carry: ${node}`)
      const { installCarried } = await import('../../building/carry.ts')
      const { installHooks } = await import('../../dispatch/hook-stubs.ts')
      const dir = charmDir()
      const installed = options.carry ? installCarried(dir, node) : installHooks(dir, shellDir)
      const lines = Object.entries(WORDS).flatMap(([key, word]) =>
        installed[key as keyof typeof installed].map((name) => `${word} ${name}\n`),
      )
      return { value: new AsText(installed, lines.join('')) }
    },
  },
  pack: {
    example: 'pack ./my-charm --base ubuntu@24.04',
    summary: 'Make an archive that juju deploy takes, with the toolkit in it.',
    words: '[CHARM]',
    kind: 'value',
    namesCharm: true,
    options: {
      arch: { summary: 'amd64, arm64 or all; that of this machine by default', value: 'NAME' },
      base: {
        summary: 'a system that it runs on, ubuntu@24.04; the first is the default',
        value: 'BASE',
        repeatable: true,
      },
      node: NODE,
      output: { summary: 'the archive; NAME_ARCH.charm by default', value: 'FILE', short: 'o' },
    },
    async runOnFiles({ cwd }, [charm], options) {
      const { packCharm } = await import('../../building/pack.ts')
      const { packReport, terminalProgress } = await import('../../building/pack-report.ts')
      const packed = packCharm(charm ?? '.', cwd, {
        arch: one(options, 'arch'),
        bases: many(options, 'base'),
        node: one(options, 'node'),
        output: one(options, 'output'),
        progress: terminalProgress(process.stderr),
      })
      return { value: new AsText(packed, packReport(packed)) }
    },
  },
}
