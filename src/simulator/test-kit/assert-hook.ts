// Assertions on how the last event ended, and on what it logged and answered.

import { UsageError } from '../../errors.ts'
import { hasFailed } from '../event-result.ts'
import type { EventResult } from '../events.ts'
import { fail, type Pairs } from './failure.ts'
import { type Act, labels, type TestKit } from './kit.ts'
import { check, type KitFunction } from './kit-function.ts'
import { assertText, howToMatch, isMatch, refuteText, TEXT_OPTIONS } from './matching.ts'

const LEVELS = ['TRACE', 'DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL']

export const HOOK_ASSERTIONS: Record<string, KitFunction> = {
  assert_hook_success: {
    words: '',
    count: [0, 0],
    run: check((kit) => {
      if (lastOf(kit.act).some(hasFailed)) fail('hook failed', endOf(kit.act), kit.explain())
    }),
  },
  assert_hook_failure: {
    words: '[STATUS]',
    count: [0, 1],
    run: check((kit, [expected]) => {
      const [last] = lastOf(kit.act)
      if (last === undefined || !hasFailed(last)) {
        fail('hook succeeded, but it was expected to fail', endOf(kit.act), kit.explain())
      }
      if (expected === undefined || expected === String(last.exitStatus)) return
      const both: Pairs = [['expected', expected], ...endOf(kit.act)]
      fail('hook failed with another status', both, kit.explain())
    }),
  },
  assert_log: {
    words: 'LEVEL [--partial | --regexp] [TEXT | -]',
    count: [1, 2],
    options: TEXT_OPTIONS,
    run: check((kit, [level = '', text], options) => {
      const how = howToMatch(options)
      const entries = messages(kit.act, level)
      if (text === undefined ? entries.length > 0 : entries.some((entry) => isMatch(how, text, entry))) return
      const wanted = text === undefined ? level : `${level} ${text}`
      fail('nothing such is logged', [
        [how === 'equal' ? 'expected' : how, wanted],
        ['log', logOf(kit.act)],
      ])
    }),
  },
  refute_log: {
    words: 'LEVEL [--partial | --regexp] [TEXT | -]',
    count: [1, 2],
    options: TEXT_OPTIONS,
    run: check((kit, [level = '', text], options) => {
      const how = howToMatch(options)
      const found = messages(kit.act, level).find((entry) => text === undefined || isMatch(how, text, entry))
      if (found !== undefined)
        fail('it is logged', [
          ['message', `${level} ${found}`],
          ['log', logOf(kit.act)],
        ])
    }),
  },
  assert_no_warning: {
    words: '',
    count: [0, 0],
    run: check(({ act }) => {
      const found = act.results.flatMap(({ log }) => log).filter(({ level }) => LEVELS.indexOf(level) > 2)
      const lines = found.map(({ level, message, source }) => `${level} ${message} (${source})`)
      if (lines.length > 0)
        fail('there are warnings', [
          ['event', labels(act.results)],
          ['log', lines.join('\n')],
        ])
    }),
  },
  assert_action_result: {
    words: 'KEY [--partial | --regexp] [VALUE | -]',
    count: [1, 2],
    options: TEXT_OPTIONS,
    run: check((kit, [key = '', expected], options) => {
      const actual = actionResult(kit, key)
      if (actual === undefined)
        fail(
          'action result is missing',
          [
            ['key', key],
            ['results', resultsOf(kit)],
          ],
          kit.explain(),
        )
      if (expected === undefined) return
      const how = howToMatch(options)
      assertText({ subject: 'action result', how, expected, actual, pairs: [['key', key]] })
    }),
  },
  refute_action_result: {
    words: 'KEY [--partial | --regexp] [VALUE | -]',
    count: [1, 2],
    options: TEXT_OPTIONS,
    run: check((kit, [key = '', expected], options) => {
      const actual = actionResult(kit, key)
      if (actual === undefined) return
      if (expected === undefined)
        fail('action has the result', [
          ['key', key],
          ['value', actual],
        ])
      const how = howToMatch(options)
      refuteText({ subject: 'action result', how, expected, actual, pairs: [['key', key]] })
    }),
  },
  assert_action_failed: {
    words: '[--partial | --regexp] [MESSAGE | -]',
    count: [0, 1],
    options: TEXT_OPTIONS,
    run: check((kit, [expected], options) => {
      const { failed, message } = actionOf(kit)
      if (!failed) fail('action did not fail', [['results', resultsOf(kit)]], kit.explain())
      if (expected === undefined) return
      assertText({ subject: 'message of the action', how: howToMatch(options), expected, actual: message })
    }),
  },
  refute_action_failed: {
    words: '',
    count: [0, 0],
    run: check((kit) => {
      const { failed, message } = actionOf(kit)
      if (failed) fail('action failed', [['message', message], ...endOf(kit.act)], kit.explain())
    }),
  },
}

/** The last result, which is there. */
function lastOf({ results }: Act): EventResult[] {
  return results.slice(-1)
}

/** How it ended, and what the operator would look at first. */
function endOf({ results }: Act): Pairs {
  const last = results.at(-1)
  const log = last?.log.filter(({ level }) => LEVELS.indexOf(level) > 2) ?? []
  const reasons = [...new Set(log.map(({ level, message }) => `${level} ${message}`))]
  const how = `${last?.signal ? ` (${last.signal})` : ''}${last?.timedOut ? ' (timed out)' : ''}`
  const pairs: Pairs = [
    ['event', labels(results)],
    ['status', `${last?.exitStatus}${how}`],
  ]
  if (last?.refusal !== undefined) pairs.push(['refused by Juju', last.refusal])
  return reasons.length === 0 ? pairs : [...pairs, ['log', reasons.join('\n')]]
}

function messages({ results }: Act, level: string): string[] {
  if (!LEVELS.includes(level)) throw new UsageError(`no level of Juju's log: ${level}`)
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
  if (action === undefined) throw new UsageError(`the last event is no action: ${labels(act.results)}`)
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
