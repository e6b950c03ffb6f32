// The words of `charms.reactive simulate`.

import parser from 'yargs-parser'
import type { Reply } from '../channel.ts'
import { UsageError } from '../errors.ts'
import { simulateCommand } from './simulate-command.ts'

const LISTS = ['config', 'flag', 'command'] as const
const OPTIONS = new Set<string>([...LISTS, 'state', 'json'])

/** Take the words apart and run the events. */
export async function simulateWords(line: string[]): Promise<Reply> {
  const parsed = parser(line, {
    string: [...LISTS, 'state'],
    boolean: ['json'],
    configuration: { 'boolean-negation': false, 'dot-notation': false, 'parse-positional-numbers': false },
  })
  const { _: words, ...options } = parsed
  const unknown = Object.keys(options).find((name) => !OPTIONS.has(name))
  if (unknown !== undefined) throw new UsageError(`unknown option: --${unknown}`)
  const [charm, ...events] = words.map(String)
  if (charm === undefined || events.length === 0)
    throw new UsageError('too few words, simulate takes: CHARM EVENT...')
  const list = (name: string): string[] => (name in options ? [options[name]].flat().map(String) : [])
  return simulateCommand({
    charm,
    events,
    config: Object.fromEntries(list('config').map(pair)),
    flags: list('flag'),
    commands: list('command'),
    json: options.json === true,
    ...(typeof options.state === 'string' && { stateFile: options.state }),
  })
}

function pair(text: string): [string, string] {
  const at = text.indexOf('=')
  if (at < 1) throw new UsageError(`a configuration value is OPTION=VALUE: ${text}`)
  return [text.slice(0, at), text.slice(at + 1)]
}
