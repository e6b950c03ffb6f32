// Assertions on how the last event ended, and on what it logged and answered.

import { UsageError } from '../../errors.ts'
import { hasFailed } from '../event-result.ts'
import type { LogEntry } from '../events.ts'
import { type Assertion, assertion, assertOnly, either, refuteOnly } from './assertion.ts'
import type { Pairs } from './failure.ts'
import { type Act, labels, type TestKit } from './kit.ts'
import { compareText, howToMatch, isMatch, TEXT_OPTIONS } from './matching.ts'

const LEVELS = ['TRACE', 'DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL']

const explain = (kit: TestKit) => kit.explain()

const LOG: Assertion = {
  words: 'LEVEL [--partial | --regexp] [TEXT | -]',
  options: TEXT_OPTIONS,
  examine: ({ act }, [level = '', text], options) => {
    const how = howToMatch(options)
    const found = messages(act, level).find((entry) => text === undefined || isMatch(how, text, entry))
    const wanted = text === undefined ? level : `${level} ${text}`
    return either(
      found !== undefined,
      ['no such message is logged', { [how === 'equal' ? 'expected' : how]: wanted, log: logOf(act) }],
      ['such a message is logged', { message: `${level} ${found}`, log: logOf(act) }],
    )
  },
}

const ACTION_RESULT: Assertion = {
  words: 'KEY [--partial | --regexp] [VALUE | -]',
  options: TEXT_OPTIONS,
  examine: (kit, [key = '', expected], options) => {
    const actual = actionResult(kit, key)
    if (actual !== undefined && expected !== undefined)
      return compareText({
        subject: 'action result',
        how: howToMatch(options),
        expected,
        actual,
        pairs: { key },
      })
    return either(
      actual !== undefined,
      ['action result is missing', { key, results: resultsOf(kit) }, () => kit.explain()],
      ['action has the result', { key, value: actual ?? '' }],
    )
  },
}

const ACTION_FAILED: Assertion = {
  words: '[--partial | --regexp] [MESSAGE | -]',
  options: TEXT_OPTIONS,
  examine: (kit, [expected], options) => {
    const { failed, message: actual } = actionOf(kit)
    if (failed && expected !== undefined)
      return compareText({ subject: 'message of the action', how: howToMatch(options), expected, actual })
    return either(
      failed,
      ['action did not fail', { results: resultsOf(kit) }, () => kit.explain()],
      ['action failed', { message: actual, ...endOf(kit.act) }, () => kit.explain()],
    )
  },
}

export const HOOK_ASSERTIONS = {
  ...refuteOnly('assert_hook_success', {
    words: '',
    explain,
    examine: ({ act }) => (lastFailed(act) ? { present: ['hook failed', endOf(act)] } : {}),
  }),
  ...assertOnly('assert_hook_failure', {
    words: '[STATUS]',
    explain,
    examine: ({ act, lackingTools }, [expected]) => {
      if (!lastFailed(act)) return { missing: ['hook succeeded, but it was expected to fail', endOf(act)] }
      lackingTools.clear()
      if (expected === undefined || expected === String(act.results.at(-1)?.exitStatus)) return {}
      return { missing: ['hook failed with a different status', { expected, ...endOf(act) }] }
    },
  }),
  ...assertion('log', LOG),
  ...refuteOnly('assert_no_warning', {
    words: '',
    examine: ({ act }) => {
      const found = act.results.flatMap(({ log }) => log).filter(isWarning)
      const lines = found.map(({ level, message, source }) => `${level} ${message} (${source})`)
      if (lines.length === 0) return {}
      return { present: ['there are warnings', { event: labels(act.results), log: lines.join('\n') }] }
    },
  }),
  ...assertion('action_result', ACTION_RESULT),
  ...assertOnly('assert_action_failed', ACTION_FAILED),
  ...refuteOnly('refute_action_failed', { ...ACTION_FAILED, words: '' }),
}

function lastFailed({ results }: Act): boolean {
  return results.slice(-1).some(hasFailed)
}

function isWarning({ level }: LogEntry): boolean {
  return LEVELS.indexOf(level) > LEVELS.indexOf('INFO')
}

/** How it ended, and what the operator would look at first. */
function endOf({ results }: Act): Pairs {
  const last = results.at(-1)
  const reasons = last?.log.filter(isWarning).map(({ level, message }) => `${level} ${message}`) ?? []
  const how = `${last?.signal ? ` (${last.signal})` : ''}${last?.timedOut ? ' (timed out)' : ''}`
  return {
    event: labels(results),
    status: `${last?.exitStatus}${how}`,
    ...(last?.refusal !== undefined && { 'refused by Juju': last.refusal }),
    ...(reasons.length > 0 && { log: [...new Set(reasons)].join('\n') }),
  }
}

function messages({ results }: Act, level: string): string[] {
  if (!LEVELS.includes(level)) throw new UsageError(`not a level of Juju's log: ${level}`)
  return results.flatMap(({ log }) =>
    log.filter((entry) => entry.level === level).map(({ message }) => message),
  )
}

function logOf({ results }: Act): string {
  const lines = results.flatMap(({ log }) => log.map(({ level, message }) => `${level} ${message}`))
  return lines.length === 0 ? '(empty)' : lines.join('\n')
}

function actionOf({ act }: TestKit) {
  const action = act.results.at(-1)?.action
  if (action === undefined) throw new UsageError(`the last event is not an action: ${labels(act.results)}`)
  return action
}

/** A result by its key, with dots between the keys of nested ones. */
function actionResult(kit: TestKit, key: string): string | undefined {
  let value: unknown = actionOf(kit).results
  for (const part of key.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined
    value = (value as Record<string, unknown>)[part]
  }
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function resultsOf(kit: TestKit): string {
  return JSON.stringify(actionOf(kit).results)
}
