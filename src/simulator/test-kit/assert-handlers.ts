// Assertions on flags, on key/value data and on which handlers ran. When one fails, the decision record
// follows.

import { isDeepStrictEqual } from 'node:util'
import { UsageError } from '../../errors.ts'
import { byCodePoint } from '../../unit/records.ts'
import { explainFlags, explainHandlers, isHandler, knownHandlers } from './decisions.ts'
import { fail, listed } from './failure.ts'
import type { TestKit } from './kit.ts'
import { ANY, check, type KitFunction } from './kit-function.ts'
import { count, jsonOrText } from './words.ts'

/** Flags that the engine sets by itself, from what Juju says. */
const AUTOMATIC =
  /^(config\.(changed|set|default)|leadership|endpoint)(\.|$)|^upgrade\.series\.in-progress$|^charm\.upgraded$/

export const HANDLER_ASSERTIONS: Record<string, KitFunction> = {
  assert_flag_set: {
    words: 'FLAG...',
    count: [1, ANY],
    run: check((kit, wanted) => {
      const { flags } = kit.unit.state
      const missing = wanted.filter((flag) => !flags.includes(flag))
      if (missing.length === 0) return
      fail(
        'flag is not set',
        [
          ['flag', listed(missing)],
          ['flags set', listed(flags)],
        ],
        flagRecord(kit, missing),
      )
    }),
  },
  refute_flag_set: {
    words: 'FLAG...',
    count: [1, ANY],
    run: check((kit, unwanted) => {
      const { flags } = kit.unit.state
      const found = unwanted.filter((flag) => flags.includes(flag))
      if (found.length === 0) return
      fail(
        'flag is set',
        [
          ['flag', listed(found)],
          ['flags set', listed(flags)],
        ],
        flagRecord(kit, found),
      )
    }),
  },
  assert_flags_equal: {
    words: '[--all] [FLAG... | -]',
    count: [0, ANY],
    options: { all: 'alone', stdin: 'alone' },
    run: check((kit, words, { all, stdin }) => {
      const given = stdin === true ? words.flatMap((text) => text.split('\n')).filter(Boolean) : words
      const expected = [...new Set(given)].sort(byCodePoint)
      const { flags } = kit.unit.state
      const actual = all === true ? flags : flags.filter((flag) => !AUTOMATIC.test(flag))
      if (isDeepStrictEqual(expected, actual)) return
      const odd = [...expected, ...actual].filter(
        (flag) => !(expected.includes(flag) && actual.includes(flag)),
      )
      fail(
        'flags differ',
        [
          ['expected', listed(expected)],
          ['actual', listed(actual)],
        ],
        flagRecord(kit, odd),
      )
    }),
  },
  assert_kv: {
    words: 'KEY [VALUE]',
    count: [1, 2],
    run: check((kit, [key = '', value]) => {
      const { kv } = kit.unit.state
      if (!Object.hasOwn(kv, key))
        fail('key is missing', [
          ['key', key],
          ['keys', listed(Object.keys(kv))],
        ])
      if (value === undefined || isDeepStrictEqual(kv[key], jsonOrText(value))) return
      fail('value differs', [
        ['key', key],
        ['expected', value],
        ['actual', JSON.stringify(kv[key])],
      ])
    }),
  },
  refute_kv: {
    words: 'KEY [VALUE]',
    count: [1, 2],
    run: check((kit, [key = '', value]) => {
      const { kv } = kit.unit.state
      if (!Object.hasOwn(kv, key)) return
      if (value !== undefined && !isDeepStrictEqual(kv[key], jsonOrText(value))) return
      fail('key has the value', [
        ['key', key],
        ['value', JSON.stringify(kv[key])],
      ])
    }),
  },
  assert_handlers_ran: {
    words: '[--only] HANDLER...',
    count: [1, ANY],
    options: { only: 'alone' },
    run: check((kit, names, { only }) => {
      const ran = kit.handlers
      const missing = names.filter((name) => !ran.some((id) => isHandler(id, name)))
      if (missing.length > 0) notRan(kit, missing)
      const others = ran.filter((id) => !names.some((name) => isHandler(id, name)))
      if (only === true && others.length > 0) {
        fail(
          'other handlers ran',
          [
            ['others', listed(others)],
            ['ran', listed(ran)],
          ],
          record(kit, others),
        )
      }
    }),
  },
  assert_handler_ran: {
    words: '[--times N] HANDLER',
    count: [1, 1],
    options: { times: 'word' },
    run: check((kit, [name = ''], options) => {
      const times = count(options, 'times')
      const actual = kit.handlers.filter((id) => isHandler(id, name)).length
      if (actual === 0 && times !== 0) notRan(kit, [name])
      if (times === undefined || actual === times) return
      fail(
        'handler ran another number of times',
        [
          ['handler', name],
          ['expected', String(times)],
          ['actual', String(actual)],
        ],
        record(kit, [name]),
      )
    }),
  },
  refute_handler_ran: {
    words: 'HANDLER...',
    count: [1, ANY],
    run: check((kit, names) => {
      const found = kit.handlers.filter((id) => names.some((name) => isHandler(id, name)))
      if (found.length > 0) {
        fail(
          'handler ran',
          [
            ['handler', listed(found)],
            ['ran', listed(kit.handlers)],
          ],
          record(kit, found),
        )
      }
      return checkKnown(kit, names)
    }),
  },
  assert_any_handler_ran: {
    words: '',
    count: [0, 0],
    run: check((kit) => {
      if (kit.handlers.length > 0) return
      fail('no handler ran', [['ran', '(none)']], record(kit, knownHandlers(kit.act.dispatches)))
    }),
  },
  refute_any_handler_ran: {
    words: '',
    count: [0, 0],
    run: check((kit) => {
      const ran = kit.handlers
      if (ran.length > 0) fail('handlers ran', [['ran', listed(ran)]], record(kit, [...new Set(ran)]))
    }),
  },
  assert_handler_order: {
    words: 'HANDLER HANDLER...',
    count: [2, ANY],
    run: check((kit, names) => {
      const ran = kit.handlers
      const missing = names.filter((name) => !ran.some((id) => isHandler(id, name)))
      if (missing.length > 0) notRan(kit, missing)
      let at = -1
      for (const name of names) {
        at = ran.findIndex((id, index) => index > at && isHandler(id, name))
        if (at !== -1) continue
        fail(
          'handlers ran in another order',
          [
            ['expected', names.join(', ')],
            ['actual', ran.join(', ')],
          ],
          record(kit, names),
        )
      }
    }),
  },
}

function notRan(kit: TestKit, names: readonly string[]): never {
  fail(
    'handler did not run',
    [
      ['handler', listed(names)],
      ['ran', listed(kit.handlers)],
    ],
    record(kit, names),
  )
}

/** A name that no handler has is a mistake, which a refutation would hide for ever. */
function checkKnown({ known }: TestKit, names: readonly string[]): void {
  const ids = [...known]
  const strange = names.find((name) => !ids.some((id) => isHandler(id, name)))
  if (strange === undefined) return
  throw new UsageError(`no handler of this charm has been seen so far: ${strange} (seen: ${ids.join(', ')})`)
}

function record(kit: TestKit, names: readonly string[]): string {
  return explainHandlers(kit.unit, kit.act, names)
}

/** Before the first event there is no record. */
function flagRecord(kit: TestKit, flags: readonly string[]): string {
  return kit.hasActed ? explainFlags(kit.act.dispatches, [...new Set(flags)]) : ''
}
