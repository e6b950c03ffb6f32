// What the unit remembers: marks of invocations, hashes of files and data, the charm's own data.

import { UsageError } from '../../errors.ts'
import { forget, getMarks, markInvoked, wasInvoked } from '../../unit/invocations.ts'
import { kvDelete, kvGet, kvRange, kvSet } from '../../unit/kv.ts'
import { jsonOrText, parseOrString } from '../../unit/python-json.ts'
import type { Session } from '../../unit/session.ts'
import { answer, type Command, done, HASH_TYPE, type Outcome, one } from './command.ts'

const dataPredicate = (record: boolean, example: string, summary: string): Command => ({
  example,
  summary,
  words: 'ID VALUE',
  kind: 'predicate',
  writes: record,
  stdin: true,
  options: HASH_TYPE,
  async run(session, [id = '', value = ''], options) {
    const { dataChanged } = await import('../../unit/file-hashes.ts')
    const hashType = one(options, 'hash_type')
    return answer(dataChanged(session, id, parseOrString(value), { record, ...(hashType && { hashType }) }))
  },
})

export const MEMORY_COMMANDS: Record<string, Command> = {
  mark_invoked: {
    example: 'mark_invoked set-up',
    summary: 'Mark the ids as invoked.',
    words: 'ID...',
    kind: 'silent',
    writes: true,
    run(session, ids) {
      for (const id of ids) markInvoked(session, id)
      return done
    },
  },
  was_invoked: {
    example: 'was_invoked set-up',
    summary: 'Succeed if the id is marked as invoked.',
    words: 'ID',
    kind: 'predicate',
    writes: false,
    run: (session, [id = '']) => answer(wasInvoked(session, id)),
  },
  forget: {
    example: 'forget set-up',
    summary: "Remove the marks; a function's name is enough if only one mark has it.",
    words: 'MARK...',
    kind: 'silent',
    writes: true,
    run(session, ids) {
      for (const id of ids) forget(session, id)
      return done
    },
  },
  get_marks: {
    example: 'get_marks',
    summary: 'Print the marks of what was invoked, as @only_once and mark_invoked keep them.',
    words: '',
    kind: 'value',
    writes: false,
    run: (session) => ({ value: getMarks(session) }),
  },
  any_file_changed: {
    example: 'any_file_changed /etc/app.conf',
    summary: 'Succeed if one of the files changed since the last call, and remember them.',
    words: 'FILE...',
    kind: 'predicate',
    writes: true,
    options: { peek: { summary: 'remember nothing' }, ...HASH_TYPE },
    async run(session, files, options) {
      const { anyFileChanged } = await import('../../unit/file-hashes.ts')
      const hashType = one(options, 'hash_type')
      return answer(
        anyFileChanged(session, files, { peek: options.peek === true, ...(hashType && { hashType }) }),
      )
    },
  },
  data_changed: dataPredicate(
    true,
    'data_changed db.host 10.0.0.1',
    'Succeed if the value differs from the last call, and remember it.',
  ),
  is_data_changed: dataPredicate(
    false,
    'is_data_changed db.host 10.0.0.1',
    'Succeed if the value differs from the last data_changed.',
  ),
  kv: {
    example: 'kv set backup.count 3',
    summary: "Read and write the charm's own data; range prints all keys with a prefix.",
    words: 'get|range|set|delete KEY [VALUE]',
    kind: 'value',
    writes: ([verb]) => verb === 'set' || verb === 'delete',
    run: (session, [verb = '', ...words]) => keyValue(session, verb, words),
  },
}

const KV_VERBS = new Set(['get', 'range', 'set', 'delete'])

function keyValue(session: Session, verb: string, [key = '', value]: readonly string[]): Outcome {
  if (!KV_VERBS.has(verb)) throw new UsageError(`neither get, range, set nor delete: ${verb}`)
  if ((verb === 'set') !== (value !== undefined)) {
    throw new UsageError(verb === 'set' ? `no value: ${key}` : `too many words: ${value}`)
  }
  switch (verb) {
    case 'get': {
      const found = kvGet(session, key)
      return found === undefined ? answer(false) : { value: found }
    }
    case 'range':
      return { value: kvRange(session, key) }
    case 'set':
      kvSet(session, key, jsonOrText(value ?? ''))
      return done
    default:
      kvDelete(session, key)
      return done
  }
}
