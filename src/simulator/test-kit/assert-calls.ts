// Assertions on the commands and hook tools that the last act has called.

import { UsageError } from '../../errors.ts'
import { assertion, either, type Finding } from './assertion.ts'
import type { TestKit } from './kit.ts'
import { howToMatch } from './matching.ts'
import { type Call, fits, showCall, showCalls } from './stubs.ts'
import { count, type OptionKind, type Options } from './words.ts'

const OPTIONS: Record<string, OptionKind> = {
  times: 'word',
  partial: 'alone',
  glob: 'alone',
  regexp: 'alone',
}
const ROW = {
  words: '[--times N] [--partial] [--glob | --regexp] COMMAND [WORD...]',
  options: OPTIONS,
  leading: true,
  trailing: 'times',
  explain: (kit: TestKit) => kit.explain(),
}

export const CALL_ASSERTIONS = {
  ...assertion('called', {
    ...ROW,
    examine: (kit, ...given) => compare('command', stubCalls(kit, given[0]), ...given),
  }),
  ...assertion('hook_tool_called', {
    ...ROW,
    examine: (kit, ...given) => compare('hook tool', toolCalls(kit), ...given),
  }),
}

function stubCalls(kit: TestKit, [command = '']: readonly string[]): readonly Call[] {
  if (kit.stubs.sees(command)) return kit.act.calls
  throw new UsageError(
    `calls of a command are only known when it is a stub: call stub ${command} before the event`,
  )
}

function toolCalls({ act }: TestKit): Call[] {
  const calls = act.results.flatMap(({ hookToolCalls }) => hookToolCalls)
  return calls.map(({ tool, args }) => ({ command: tool, args, note: '' }))
}

/** The calls of the command against those with the expected words, and how many of them are expected. */
function compare(
  kind: string,
  calls: readonly Call[],
  words: readonly string[],
  { partial, ...options }: Options,
): Finding {
  const [command = '', ...args] = words
  const times = count(options, 'times')
  const how = howToMatch(options)
  const own = calls.filter((call) => call.command === command)
  const matching = own.filter((call) => fits({ how, open: partial === true, words: args }, call.args))
  const way = [how === 'equal' ? '' : how, partial === true ? 'partial' : ''].filter(Boolean).join(', ')
  const often = times === undefined ? '' : `, ${times} times`
  const wanted = `${showCall({ command, args })}${way && ` (${way})`}${often}`
  const title = matching.length === 0 ? 'was not called like this' : `was called ${matching.length} times`
  return either(
    times === undefined ? matching.length > 0 : matching.length === times,
    [`${kind} ${title}`, { expected: wanted, actual: showCalls(own) }],
    [`${kind} was called`, { unexpected: wanted, actual: showCalls(matching) }],
  )
}
