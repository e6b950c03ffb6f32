// `simulate`: hooks of a charm on a simulated unit. The rest is in simulator/simulate-command.ts.

import { UsageError } from '../../errors.ts'
import type { IsolationChoice } from '../../simulator/isolation.ts'
import { readPair } from '../../system/key-values.ts'
import { AsText } from '../output.ts'
import { type Command, many, type Option } from './command.ts'

const ISOLATION: Record<string, IsolationChoice> = { auto: 'auto', true: true, false: false }

/** Given again, the last one counts, or all of them. */
const option = (summary: string, value: string): Option => ({ summary, value, repeatable: true })

export const SIMULATE_COMMAND: Record<string, Command> = {
  simulate: {
    example: "simulate ./my-charm install 'config-changed port=8080'",
    summary: 'Run events of a charm on a simulated unit, and report.',
    words: 'CHARM EVENT...',
    kind: 'value',
    namesCharm: true,
    options: {
      explain: { summary: 'say why handlers ran, and what changed' },
      state: option('what Juju knows, as a state file', 'FILE'),
      out: option('write the state for the next run', 'FILE'),
      report: option('write a page with what happened, the flags and the graph', 'FILE'),
      config: option('set an option before the first event', 'OPTION=VALUE'),
      flag: option('set a flag before the first event', 'FLAG'),
      file: option('put a file into the unit', 'TARGET[=SOURCE]'),
      command: option('put a stand-in for a command on PATH', 'NAME[=SCRIPT]'),
      allow: option('let the charm run a command that changes the machine', 'NAME'),
      isolate: option('keep what the charm writes in the unit: auto, true or false', 'WHETHER'),
      'tool-delay': option('how long each call of a hook tool takes', 'MILLISECONDS'),
      'no-check': { summary: 'allow what Juju could never do' },
      format: { summary: 'text, the default, or json (--json): everything that happened', value: 'FORMAT' },
    },
    async runOnFiles(_, [charm = '', ...events], options) {
      const { simulateCommand } = await import('../../simulator/simulate-command.ts')
      const last = (name: string) => many(options, name).at(-1)
      const { status, stdout } = await simulateCommand({
        charm,
        events,
        config: Object.fromEntries(
          many(options, 'config').map((word) => readPair(word, 'expected OPTION=VALUE')),
        ),
        flags: many(options, 'flag'),
        files: many(options, 'file'),
        commands: many(options, 'command'),
        allow: many(options, 'allow'),
        json: wantsJson(last('format')),
        check: options['no-check'] !== true,
        isolate: isolation(last('isolate') ?? 'auto'),
        explain: options.explain === true,
        toolDelayMs: milliseconds(last('tool-delay') ?? '0'),
        stateFile: last('state'),
        outFile: last('out'),
        reportFile: last('report'),
      })
      return { answer: status === 0, value: new AsText(undefined, stdout) }
    },
  },
}

function wantsJson(format: string | undefined): boolean {
  if (format !== undefined && format !== 'text' && format !== 'json')
    throw new UsageError(`unknown format: ${format}`)
  return format === 'json'
}

function milliseconds(text: string): number {
  if (!/^\d{1,5}$/.test(text)) throw new UsageError(`--tool-delay takes milliseconds: ${text}`)
  return Number(text)
}

function isolation(text: string): IsolationChoice {
  const choice = Object.hasOwn(ISOLATION, text) ? ISOLATION[text] : undefined
  if (choice === undefined) throw new UsageError(`--isolate takes auto, true or false: ${text}`)
  return choice
}
