// Assertions on flags, on key/value data and on which handlers ran. When one fails, the decision record
// follows.

import { isDeepStrictEqual } from 'node:util'
import { UsageError } from '../../errors.ts'
import { jsonOrText } from '../../unit/python-json.ts'
import { byCodePoint } from '../../unit/records.ts'
import { type Assertion, assertion, assertOnly, either, refuteOnly } from './assertion.ts'
import { isHandler, knownHandlers } from './decisions.ts'
import { type Failure, listed } from './failure.ts'
import type { TestKit } from './kit.ts'
import { count } from './words.ts'

/** Flags that the engine sets by itself, from what Juju says. */
const AUTOMATIC =
  /^(config\.(changed|set|default)|leadership|endpoint)(\.|$)|^secret\.(changed|rotate|expired)\.|^upgrade\.series\.in-progress$|^charm\.upgraded$/

const FLAGS: Assertion = {
  words: 'FLAG...',
  examine: (kit, flags) => {
    const { flags: set } = kit.unit.state
    const failure = (title: string, found: readonly string[]): Failure | undefined =>
      found.length === 0
        ? undefined
        : [title, { flag: listed(found), 'flags set': listed(set) }, () => kit.explainFlags(found)]
    return {
      missing: failure(
        'flag is not set',
        flags.filter((flag) => !set.includes(flag)),
      ),
      present: failure(
        'flag is set',
        flags.filter((flag) => set.includes(flag)),
      ),
    }
  },
}

const FLAGS_EQUAL: Assertion = {
  words: '[--all] [FLAG... | -]',
  options: { all: 'alone', stdin: 'alone' },
  examine: (kit, words, { all, stdin }) => {
    const given = stdin === true ? words.flatMap((text) => text.split('\n')).filter(Boolean) : words
    const expected = [...new Set(given)].sort(byCodePoint)
    const { flags } = kit.unit.state
    const actual = all === true ? flags : flags.filter((flag) => !AUTOMATIC.test(flag))
    if (isDeepStrictEqual(expected, actual)) return {}
    const odd = [...expected, ...actual].filter((flag) => !(expected.includes(flag) && actual.includes(flag)))
    const pairs = { expected: listed(expected), actual: listed(actual) }
    return { missing: ['flags differ', pairs, () => kit.explainFlags(odd)] }
  },
}

const KV: Assertion = {
  words: 'KEY [VALUE]',
  examine: ({ unit: { state } }, [key = '', value]) => {
    if (!Object.hasOwn(state.kv, key))
      return { missing: ['key is missing', { key, keys: listed(Object.keys(state.kv)) }] }
    const actual = JSON.stringify(state.kv[key])
    return either(
      value === undefined || isDeepStrictEqual(state.kv[key], jsonOrText(value)),
      ['value differs', { key, expected: value ?? '', actual }],
      ['key has the value', { key, value: actual }],
    )
  },
}

/** All of them ran, with `--only` no others; to refute it, none did. */
const HANDLERS: Assertion = {
  words: '[--only] HANDLER...',
  options: { only: 'alone' },
  examine: (kit, names, { only }) => {
    const ran = kit.handlers
    const [named, others] = [true, false].map((isNamed) =>
      ran.filter((id) => names.some((name) => isHandler(id, name)) === isNamed),
    )
    return {
      missing: notRan(kit, names) ?? (only === true ? alsoRan(kit, others ?? []) : undefined),
      present: didRun(kit, named ?? []),
    }
  },
}

const TIMES: Assertion = {
  words: '[--times N] HANDLER',
  options: { times: 'word' },
  examine: (kit, [name = ''], options) => {
    const times = count(options, 'times')
    const actual = kit.handlers.filter((id) => isHandler(id, name)).length
    if (actual === 0 && times !== 0) return { missing: notRan(kit, [name]) }
    if (times === undefined || actual === times) return {}
    const pairs = { handler: name, expected: String(times), actual: String(actual) }
    return { missing: ['handler ran a different number of times', pairs, () => kit.explainHandlers([name])] }
  },
}

const ANY_HANDLER: Assertion = {
  words: '',
  examine: (kit) => {
    const ran = kit.handlers
    return either(
      ran.length > 0,
      ['no handler ran', { ran: '(none)' }, () => kit.explainHandlers(knownHandlers(kit.act.dispatches))],
      ['handlers ran', { ran: listed(ran) }, () => kit.explainHandlers([...new Set(ran)])],
    )
  },
}

const ORDER: Assertion = {
  words: 'HANDLER HANDLER...',
  examine: (kit, names) => {
    const ran = kit.handlers
    const missing = notRan(kit, names)
    if (missing !== undefined) return { missing }
    let at = -1
    const isInOrder = names.every((name) => {
      at = ran.findIndex((id, index) => index > at && isHandler(id, name))
      return at !== -1
    })
    if (isInOrder) return {}
    const pairs = { expected: names.join(', '), actual: ran.join(', ') }
    return { missing: ['handlers ran in a different order', pairs, () => kit.explainHandlers(names)] }
  },
}

export const HANDLER_ASSERTIONS = {
  ...assertion('flag_set', FLAGS),
  ...assertOnly('assert_flags_equal', FLAGS_EQUAL),
  ...assertion('kv', KV),
  ...assertOnly('assert_handlers_ran', HANDLERS),
  ...assertOnly('assert_handler_ran', TIMES),
  ...refuteOnly('refute_handler_ran', {
    words: 'HANDLER...',
    examine: async (...given) => {
      const found = await HANDLERS.examine(...given)
      if (found.present === undefined) checkKnown(given[0], given[1])
      return found
    },
  }),
  ...assertion('any_handler_ran', ANY_HANDLER),
  ...assertOnly('assert_handler_order', ORDER),
}

function notRan(kit: TestKit, names: readonly string[]): Failure | undefined {
  const missing = names.filter((name) => !kit.handlers.some((id) => isHandler(id, name)))
  if (missing.length === 0) return undefined
  const pairs = { handler: listed(missing), ran: listed(kit.handlers) }
  return ['handler did not run', pairs, () => kit.explainHandlers(missing)]
}

function didRun(kit: TestKit, found: readonly string[]): Failure | undefined {
  if (found.length === 0) return undefined
  return [
    'handler ran',
    { handler: listed(found), ran: listed(kit.handlers) },
    () => kit.explainHandlers(found),
  ]
}

function alsoRan(kit: TestKit, others: readonly string[]): Failure | undefined {
  if (others.length === 0) return undefined
  return [
    'other handlers ran',
    { others: listed(others), ran: listed(kit.handlers) },
    () => kit.explainHandlers(others),
  ]
}

/** A name that no handler has is a mistake, which a refutation would hide for ever. */
function checkKnown({ known }: TestKit, names: readonly string[]): void {
  const ids = [...known]
  const strange = names.find((name) => !ids.some((id) => isHandler(id, name)))
  if (strange === undefined) return
  throw new UsageError(`no handler of this charm has been seen so far: ${strange} (seen: ${ids.join(', ')})`)
}
