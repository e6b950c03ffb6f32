// What a charm needs before Juju takes it: to be composed, the entries that Juju starts, and the archive.

import path from 'node:path'
import type { Built } from '../../building/build.ts'
import { UsageError } from '../../errors.ts'
import { AsText } from '../output.ts'
import { type Command, many, one } from './command.ts'

/** How the report calls what became of a file. */
const WORDS = { written: 'wrote', unchanged: 'unchanged', kept: "kept the charm's own", removed: 'removed' }

const NODE = { summary: 'the Node.js binary that the charm carries instead of the pinned one', value: 'FILE' }

export const ENTRY_COMMANDS: Record<string, Command> = {
  init: {
    example: 'init my-charm --with action,ci',
    summary: 'Begin a charm that works: handlers, configuration, a template, tests.',
    words: 'NAME',
    kind: 'value',
    namesCharm: true,
    options: {
      layer: { summary: 'a layer for other charms to include, instead of a charm' },
      interface: { summary: 'an interface layer instead of a charm' },
      with: { summary: 'what else to begin with: action, ci, python', value: 'WORDS', repeatable: true },
    },
    async runOnFiles({ cwd }, [name = ''], options) {
      if (options.layer && options.interface)
        throw new UsageError(`a layer or an interface, not both: ${name}`)
      const { initCharm } = await import('../../building/init/init.ts')
      const kind = options.layer ? 'layer' : options.interface ? 'interface' : 'charm'
      const more = many(options, 'with').flatMap((words) => words.split(','))
      const files = initCharm(name, cwd, kind, more)
      return { value: new AsText(files, files.map((file) => `wrote ${file}\n`).join('')) }
    },
  },
  build: {
    example: 'build ./my-layer',
    summary: 'Compose a charm from its layers.',
    words: '[LAYER]',
    kind: 'value',
    namesCharm: true,
    options: {
      output: { summary: 'the charm; LAYER/build/NAME by default', value: 'DIR', short: 'o' },
      diff: { summary: 'write nothing, and show what would change; status 1 if anything would' },
      force: { summary: 'also replace what was changed by hand in the built charm' },
      wheels: { summary: 'let pip make wheels of what wheelhouse.txt requires, for pack to carry' },
      'allow-overwrites': { summary: 'let files of upper layers replace different ones of the same name' },
      'no-lint': { summary: 'do not look for mistakes in the built charm (an error makes the status 1)' },
    },
    async runOnFiles({ cwd, env }, [layer], options) {
      const { buildCharm } = await import('../../building/build.ts')
      const { buildReport, diffText } = await import('../../building/build-report.ts')
      const { terminalProgress } = await import('../../building/progress.ts')
      let diff = ''
      const built = buildCharm(
        layer ?? '.',
        { cwd, env },
        {
          output: one(options, 'output'),
          dryRun: options.diff === true,
          force: options.force === true,
          wheels: options.wheels === true,
          allowOverwrites: options['allow-overwrites'] === true,
          progress: terminalProgress(process.stderr, 'building'),
        },
        (changes) => {
          if (options.diff) diff = diffText(changes)
        },
      )
      if (!options.diff) {
        const faults = options['no-lint'] === true ? '' : await lintErrors(built)
        return { answer: faults === '', value: new AsText(built, buildReport(built, cwd) + faults) }
      }
      return { answer: built.written.length + built.removed.length === 0, value: new AsText(built, diff) }
    },
  },
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
  lint: {
    example: 'lint ./my-charm --strict',
    summary: 'Find mistakes in a charm: names that nobody declares, flags that nobody sets.',
    words: '[CHARM]',
    kind: 'value',
    namesCharm: true,
    options: {
      format: { summary: 'text by default', value: 'text|json|github' },
      strict: { summary: 'fail with warnings, too' },
    },
    async runOnFiles({ cwd }, [charm], options) {
      const { isClean, LINT_FORMATS, lintCharm } = await import('../../insight/lint/lint.ts')
      const name = one(options, 'format') ?? 'text'
      const print = Object.hasOwn(LINT_FORMATS, name) ? LINT_FORMATS[name] : undefined
      if (print === undefined)
        throw new UsageError(`--format takes ${Object.keys(LINT_FORMATS).join(', ')}: ${name}`)
      const findings = await lintCharm(path.resolve(cwd, charm ?? '.'))
      const value = new AsText(findings, print(findings))
      return { answer: isClean(findings, options.strict === true), value }
    },
  },
  pack: {
    example: 'pack ./my-charm --base ubuntu@24.04',
    summary: 'Make an archive that juju deploy takes, with the toolkit in it.',
    words: '[CHARM]',
    kind: 'value',
    namesCharm: true,
    options: {
      arch: { summary: 'amd64, arm64 or all; by default that of this machine', value: 'NAME' },
      base: {
        summary: 'a system that the charm runs on, such as ubuntu@24.04; the first is the default',
        value: 'BASE',
        repeatable: true,
      },
      node: NODE,
      output: { summary: 'the archive; NAME_ARCH.charm by default', value: 'FILE', short: 'o' },
      'no-lint': { summary: 'pack a charm in which lint finds errors, or that imports what no unit has' },
    },
    async runOnFiles({ cwd }, [charm], options) {
      if (options['no-lint'] !== true) {
        const { refuseFaults } = await import('../../building/refuse-faults.ts')
        await refuseFaults(path.resolve(cwd, charm ?? '.'))
      }
      const { packCharm } = await import('../../building/pack.ts')
      const { packReport } = await import('../../building/pack-report.ts')
      const { terminalProgress } = await import('../../building/progress.ts')
      const packed = packCharm(charm ?? '.', cwd, {
        arch: one(options, 'arch'),
        bases: many(options, 'base'),
        node: one(options, 'node'),
        output: one(options, 'output'),
        allowMissing: options['no-lint'] === true,
        progress: terminalProgress(process.stderr, 'packing'),
      })
      return { value: new AsText(packed, packReport(packed)) }
    },
  },
}

/** The errors that lint finds in a built charm, a line each. */
async function lintErrors({ target, sha256 }: Built): Promise<string> {
  const { isFaultless, rememberFaultless } = await import('../../building/faultless.ts')
  if (isFaultless(sha256)) return ''
  const { faultsOf } = await import('../../building/refuse-faults.ts')
  const { LINT_FORMATS } = await import('../../insight/lint/lint.ts')
  const faults = await faultsOf(target)
  if (faults.length === 0) rememberFaultless(sha256)
  return LINT_FORMATS.text?.(faults) ?? ''
}
