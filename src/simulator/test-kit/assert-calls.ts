// Assertions on the commands and hook tools that the last act has called.

import { UsageError } from '../../errors.ts'
import { fail, type Pairs } from './failure.ts'
import type { TestKit } from './kit.ts'
import { ANY, check, type KitFunction } from './kit-function.ts'
import { howToMatch } from './matching.ts'
import { type Call, fits, showCall, showCalls } from './stubs.ts'
import { count, type OptionKind, type Options } from './words.ts'

const CALL_OPTIONS: Record<string, OptionKind> = {
  times: 'word',
  partial: 'alone',
  glob: 'alone',
  regexp: 'alone',
}
const CALL_WORDS = '[--times N] [--partial] [--glob | --regexp] COMMAND [WORD...]'
export const CALL_ASSERTIONS: Record<string, KitFunction> = {
  assert_called: {
    words: CALL_WORDS,
    count: [1, ANY],
    options: CALL_OPTIONS,
    leading: true,
    run: check((kit, words, options) => assertCalls(stubCalls(kit, words), words, options)),
  },
  refute_called: {
    words: CALL_WORDS,
    count: [1, ANY],
    options: CALL_OPTIONS,
    leading: true,
    run: check((kit, words, options) => refuteCalls(kit, stubCalls(kit, words), words, options)),
  },
  assert_hook_tool_called: {
    words: CALL_WORDS,
    count: [1, ANY],
    options: CALL_OPTIONS,
    leading: true,
    run: check((kit, words, options) => assertCalls(toolCalls(kit), words, options)),
  },
  refute_hook_tool_called: {
    words: CALL_WORDS,
    count: [1, ANY],
    options: CALL_OPTIONS,
    leading: true,
    run: check((kit, words, options) => refuteCalls(kit, toolCalls(kit), words, options)),
  },
}

interface Calls {
  calls: readonly Call[]
  kind: string
}

function stubCalls(kit: TestKit, [command = '']: readonly string[]): Calls {
  if (!kit.stubs.sees(command)) {
    throw new UsageError(
      `calls of a command are only known when it is a stub: call stub ${command} before the event`,
    )
  }
  return { calls: kit.act.calls, kind: 'command' }
}

function toolCalls({ act }: TestKit): Calls {
  const calls = act.results.flatMap(({ hookToolCalls }) => hookToolCalls)
  return {
    calls: calls.map(({ tool, args }) => ({ command: tool, args, note: '' })),
    kind: 'hook tool',
  }
}

/** The calls of the command, those with the expected words, how many are expected, and how that is shown. */
function compare({ calls }: Calls, words: readonly string[], { partial, ...options }: Options) {
  // `--times N` may stand at the end as well, where it reads better.
  const isLast = words.at(-2) === '--times' && /^\d+$/.test(words.at(-1) ?? '')
  const [command = '', ...args] = isLast ? words.slice(0, -2) : words
  const times = isLast ? Number(words.at(-1)) : count(options, 'times')
  const how = howToMatch(options)
  const own = calls.filter((call) => call.command === command)
  const matching = own.filter((call) => fits({ how, open: partial === true, words: args }, call.args))
  const way = [how === 'equal' ? '' : how, partial === true ? 'partial' : ''].filter(Boolean).join(', ')
  const expected = `${showCall({ command, args })}${way && ` (${way})`}`
  return { own, matching, times, expected }
}

function assertCalls(calls: Calls, words: readonly string[], options: Options): void {
  const { own, matching, times, expected } = compare(calls, words, options)
  if (times === undefined ? matching.length > 0 : matching.length === times) return
  const often = times === undefined ? '' : `, ${times} times`
  const title =
    matching.length === 0
      ? `${calls.kind} was not called so`
      : `${calls.kind} was called ${matching.length} times`
  fail(title, [
    ['expected', expected + often],
    ['actual', showCalls(own)],
  ])
}

function refuteCalls(kit: TestKit, calls: Calls, words: readonly string[], options: Options): void {
  const { matching, times, expected } = compare(calls, words, options)
  if (times === undefined ? matching.length === 0 : matching.length !== times) return
  const often = times === undefined ? '' : `, ${times} times`
  const pairs: Pairs = [
    ['unexpected', expected + often],
    ['actual', showCalls(matching)],
  ]
  fail(`${calls.kind} was called`, pairs, kit.explain())
}
