// Operations of charmhelpers' key/value data (`unitdata.kv()`). What the original kept there under `reactive.` is
// the engine's own state, under the same names; all else is the charm's data that `charms.reactive kv` shows.

import { clearFlag, setFlag } from '../../unit/flags.ts'
import { KEY } from '../../unit/keys.ts'
import { kvDelete, kvSet } from '../../unit/kv.ts'
import type { ConversationRecord } from '../../unit/relation-records.ts'
import type { Session } from '../../unit/session.ts'
import type { Operation } from './operations.ts'
import { phaseOf } from './state-operations.ts'

/** The original's prefix, our own, and what changes such a row. */
interface Rows {
  original: string
  own: string
  set(session: Session, rest: string, value: unknown): void
  unset(session: Session, rest: string): void
}

const plain = (original: string, own: string): Rows => ({
  original,
  own,
  set: ({ state }, rest, value) => state.set(own + rest, value),
  unset: ({ state }, rest) => state.delete(own + rest),
})

/** The first whose prefix a key has counts. */
const ROWS: readonly Rows[] = [
  { original: 'reactive.states.', own: KEY.flag, set: setFlag, unset: clearFlag },
  plain('reactive.files_changed.', KEY.file),
  plain('reactive.data_changed.', KEY.data),
  plain('reactive.invoked.', KEY.invoked),
  { original: '', own: KEY.kv, set: kvSet, unset: kvDelete },
]

const PHASE = 'reactive.dispatch.phase'
const CONVERSATIONS = 'reactive.conversations.'
const LOCAL = '.local-data.'

export const KV_OPERATIONS = {
  /** The value in a list; an empty one where there is none. */
  kv_get(session, key: string) {
    const derived = derivedRows(session, key)
    if (derived !== undefined) return derived.has(key) ? [derived.get(key)] : []
    const { rows, rest } = rowsOf(key)
    return session.state.has(rows.own + rest) ? [session.state.get(rows.own + rest)] : []
  },
  kv_set(session, key: string, value: unknown) {
    const { rows, rest } = rowsOf(key)
    rows.set(session, rest, value)
  },
  kv_unset(session, keys: string[]) {
    for (const key of keys) unset(session, key)
  },
  /** All rows whose key begins with the text as SQL's LIKE sees it. */
  kv_range: (session, prefix: string) => Object.fromEntries(range(session, prefix)),
  kv_unset_range(session, prefix: string) {
    for (const key of range(session, prefix).keys()) unset(session, key)
  },
} satisfies Record<string, Operation>

function unset(session: Session, key: string): void {
  const { rows, rest } = rowsOf(key)
  rows.unset(session, rest)
}

function rowsOf(key: string): { rows: Rows; rest: string } {
  const rows = ROWS.find(({ original }) => key.startsWith(original)) as Rows
  return { rows, rest: key.slice(rows.original.length) }
}

function range(session: Session, prefix: string): Map<string, unknown> {
  const isLike = likePattern(prefix)
  const found = new Map<string, unknown>()
  for (const { original, own } of ROWS) {
    for (const [rest, value] of session.state.entries(own)) {
      const key = original + rest
      if (isLike.test(key) && rowsOf(key).rows.own === own) found.set(key, value)
    }
  }
  for (const [key, value] of allDerived(session)) if (isLike.test(key)) found.set(key, value)
  return found
}

/** LIKE of SQLite: `_` is any character, `%` any text, and letters of ASCII have no case. */
function likePattern(prefix: string): RegExp {
  const parts = [...prefix].map((char) => {
    if (char === '_') return '.'
    if (char === '%') return '.*'
    if (/[a-zA-Z]/.test(char)) return `[${char.toLowerCase()}${char.toUpperCase()}]`
    return char.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')
  })
  return new RegExp(`^${parts.join('')}`, 'su')
}

/** What the engine keeps in another shape: such rows are only read. */
function derivedRows(session: Session, key: string): Map<string, unknown> | undefined {
  return key === PHASE || key.startsWith(CONVERSATIONS) ? allDerived(session) : undefined
}

function allDerived(session: Session): Map<string, unknown> {
  const rows = new Map<string, unknown>()
  const phase = phaseOf(session)
  if (session.inDispatch && phase !== null) rows.set(PHASE, phase)
  for (const [place, record] of session.state.entries(KEY.conversation)) {
    const [namespace = '', scope = ''] = cutAtSpace(place)
    const { units, local } = record as ConversationRecord
    const key = `${CONVERSATIONS}${namespace}.${scope}`
    rows.set(key, { namespace, scope, units })
    for (const [field, value] of Object.entries(local)) rows.set(key + LOCAL + field, value)
  }
  return rows
}

function cutAtSpace(text: string): [string, string] {
  const at = text.indexOf(' ')
  return [text.slice(0, at), text.slice(at + 1)]
}
