// THE table of the test kit: every function of the bash library by its name. The functions in shell/bats/
// hand their words over, and this finds the row, takes the words apart, and turns what is thrown into a reply.

import { messageOf, oneLine, ReactiveError, UsageError } from '../../errors.ts'
import type { Reply } from '../../system/channel.ts'
import { wordCount } from '../../system/word-count.ts'
import { ACT_FUNCTIONS } from './act-functions.ts'
import { ARRANGE_FUNCTIONS } from './arrange-functions.ts'
import { CALL_ASSERTIONS } from './assert-calls.ts'
import { HANDLER_ASSERTIONS } from './assert-handlers.ts'
import { HOOK_ASSERTIONS } from './assert-hook.ts'
import { JUJU_ASSERTIONS } from './assert-juju.ts'
import { LINT_ASSERTIONS } from './assert-lint.ts'
import { STATE_ASSERTIONS } from './assert-state.ts'
import { AssertionFailure, formatFailure } from './failure.ts'
import type { TestKit } from './kit.ts'
import type { KitFunction } from './kit-function.ts'
import { MACHINE_FUNCTIONS } from './machine-functions.ts'
import { parseWords } from './words.ts'

export const KIT_FUNCTIONS: Readonly<Record<string, KitFunction>> = {
  ...ARRANGE_FUNCTIONS,
  ...MACHINE_FUNCTIONS,
  ...ACT_FUNCTIONS,
  ...HOOK_ASSERTIONS,
  ...HANDLER_ASSERTIONS,
  ...JUJU_ASSERTIONS,
  ...CALL_ASSERTIONS,
  ...STATE_ASSERTIONS,
  ...LINT_ASSERTIONS,
}

/** Call a function of the kit. Status 1 is what fails a test: an assertion, or a request without sense. */
export async function callKitFunction(kit: TestKit, [name = '', ...line]: readonly string[]): Promise<Reply> {
  try {
    const stdout = await call(kit, name, line)
    return { status: 0, ...(stdout !== undefined && { stdout }) }
  } catch (error) {
    if (error instanceof AssertionFailure) return { status: 1, stderr: error.message }
    if (error instanceof ReactiveError) return { status: 1, stderr: `${name}: ${error.message}\n` }
    const stack = error instanceof Error ? (error.stack ?? messageOf(error)) : String(error)
    return { status: 70, stderr: `${name}: a bug in the test kit: ${stack}\n` }
  }
}

async function call(kit: TestKit, name: string, line: readonly string[]): Promise<string | undefined> {
  const row = Object.hasOwn(KIT_FUNCTIONS, name) ? KIT_FUNCTIONS[name] : undefined
  if (row === undefined) throw new UsageError('the kit has no such function')
  const { words, options } = parseWords(line, row.options ?? {}, row)
  const { least, most } = wordCount(row.words)
  const usage = `${name} ${row.words}`.trim()
  if (words.length < least) throw new UsageError(`too few words, the usage is: ${usage}`)
  if (words.length > most)
    throw new UsageError(`too many words: ${oneLine(words[most] ?? '')}, the usage is: ${usage}`)
  return row.run(kit, words, options)
}

/**
 * At the end of a test: strict stubs must have met what they expect, and nothing else; and no hook tool was called that
 * the Juju of the unit does not have, unless the test has asserted that the hook failed.
 */
export function verify({ stubs, unit, lackingTools }: TestKit): Reply {
  const texts = stubs
    .problems()
    .map(({ command, pairs }) => formatFailure([`calls of the strict stub ${command} differ`, pairs]))
  if (lackingTools.size > 0) {
    const pairs = { juju: unit.state.jujuVersion, tools: [...lackingTools].join(' ') }
    texts.push(formatFailure(['the charm called hook tools that this Juju does not have', pairs]))
  }
  return texts.length === 0 ? { status: 0 } : { status: 1, stderr: texts.join('') }
}
