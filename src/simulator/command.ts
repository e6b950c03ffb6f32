// The words of `charms.reactive simulate`.

import parser from 'yargs-parser'
import { UsageError } from '../errors.ts'
import type { Reply } from '../system/channel.ts'
import { readPair } from '../system/key-values.ts'
import { suggestion } from '../system/nearest.ts'
import type { IsolationChoice } from './isolation.ts'
import { simulateCommand } from './simulate-command.ts'

const LISTS = ['config', 'flag', 'file', 'command', 'allow'] as const
const TEXTS = ['state', 'out', 'isolate', 'report', 'tool-delay'] as const
const SWITCHES = ['explain', 'json', 'no-check'] as const
const OPTIONS = new Set<string>([...LISTS, ...TEXTS, ...SWITCHES])
const ISOLATION: Record<string, IsolationChoice> = { auto: 'auto', true: true, false: false }

/** Take the words apart and run the events. */
export async function simulateWords(line: string[]): Promise<Reply> {
  const parsed = parser(line, {
    string: [...LISTS, ...TEXTS],
    boolean: [...SWITCHES],
    configuration: {
      'boolean-negation': false,
      'camel-case-expansion': false,
      'dot-notation': false,
      'parse-positional-numbers': false,
    },
  })
  const { _: words, ...options } = parsed
  const unknown = Object.keys(options).find((name) => !OPTIONS.has(name))
  if (unknown === 'event')
    throw new UsageError('write events after the charm; --explain tells what happened in each: --event')
  if (unknown !== undefined)
    throw new UsageError(
      `unknown option: --${unknown}${suggestion(
        `--${unknown}`,
        [...OPTIONS].map((name) => `--${name}`),
      )}`,
    )
  const list = (name: string): string[] => (name in options ? [options[name]].flat().map(String) : [])
  const [charm, ...events] = words.map(String)
  if (charm === undefined || events.length === 0)
    throw new UsageError('too few words, simulate takes: CHARM EVENT...')
  const text = (name: (typeof TEXTS)[number]) => list(name).at(-1)
  return simulateCommand({
    charm,
    events,
    config: Object.fromEntries(list('config').map((word) => readPair(word, 'expected OPTION=VALUE'))),
    flags: list('flag'),
    files: list('file'),
    commands: list('command'),
    allow: list('allow'),
    json: options.json === true,
    check: options['no-check'] !== true,
    isolate: isolation(text('isolate') ?? 'auto'),
    explain: options.explain === true,
    toolDelayMs: milliseconds(text('tool-delay') ?? '0'),
    ...(text('state') !== undefined && { stateFile: text('state') }),
    ...(text('out') !== undefined && { outFile: text('out') }),
    ...(text('report') !== undefined && { reportFile: text('report') }),
  })
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
