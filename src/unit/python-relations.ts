// What the Python original remembers of relations, translated to keys of ours for python-state.ts: conversations
// and what charms keep in them, units that have left an endpoint, hashes of received data.

import { KEY } from './keys.ts'
import { applicationOf, compareUnitNames } from './names.ts'
import { toRecord } from './records.ts'
import {
  type ConversationRecord,
  type DepartedUnit,
  GLOBAL,
  placeOfFlagKey,
  stateKeyOf,
  toConversationFlag,
} from './relation-records.ts'

type Values = Map<string, unknown>

interface RowKind {
  pattern: RegExp
  /** Put a row that the pattern matches among our values; false where nothing of it is of use. */
  put(values: Values, match: RegExpExecArray, value: unknown): boolean
}

/** The first whose pattern matches counts. */
const ROWS: readonly RowKind[] = [
  // endpoint.NAME.RELATION_ID.UNIT.FIELD
  {
    pattern: /^reactive\.data_changed\.endpoint\.[^.]+\.([^.]+:\d+)\.([^./]+\/\d+)\.(.*)$/s,
    put: putHash,
  },
  { pattern: /^reactive\.endpoints\.departed\.(.+)$/s, put: putDeparted },
  { pattern: /^(reactive\.conversations\.[^.]+\..+?)\.local-data\.(.*)$/s, put: putLocal },
  { pattern: /^reactive\.conversations\./, put: putConversation },
]

/** Put a row among our values if it is about relations, and say whether anything of it was of use. */
export function putRelationRow(values: Values, key: string, value: unknown): boolean | undefined {
  for (const { pattern, put } of ROWS) {
    const match = pattern.exec(key)
    if (match !== null) return put(values, match, value)
  }
  return undefined
}

function putHash(values: Values, [, relation, unit, field = '']: RegExpExecArray, hash: unknown): boolean {
  if (typeof hash !== 'string') return false
  const key = `${KEY.received}${relation} ${unit}`
  values.set(key, toRecord([...Object.entries(Object(values.get(key))), [field, hash]]))
  return true
}

function putDeparted(values: Values, [, endpoint]: RegExpExecArray, units: unknown): boolean {
  const known = Array.isArray(units) ? units.filter(isDepartedUnit) : []
  if (known.length > 0) values.set(`${KEY.departed}${endpoint}`, known)
  return known.length > 0
}

function isDepartedUnit(value: unknown): value is DepartedUnit {
  const { relation, unit_name, data } = Object(value) as Partial<Record<keyof DepartedUnit, unknown>>
  return (
    typeof relation === 'string' && typeof unit_name === 'string' && typeof data === 'object' && data !== null
  )
}

function putConversation(values: Values, { input }: RegExpExecArray, value: unknown): boolean {
  const place = placeOfFlagKey(input)
  const { namespace, scope, units } = Object(value) as Record<string, unknown>
  // In -broken hooks the original begins conversations of no unit, and without a scope.
  if (place === undefined || typeof scope !== 'string' || !Array.isArray(units)) return false
  const names = units.filter((unit) => typeof unit === 'string').sort(compareUnitNames)
  const { local } = recordAt(values, stateKeyOf(place))
  const record: ConversationRecord = { units: names, local }
  if (namespace === undefined && isOfRelations(scope, names)) record.undivided = true
  values.set(stateKeyOf(place), record)
  return names.length > 0
}

/** Old versions of the original keep one conversation for a unit or application on all relations. */
function isOfRelations(scope: string, units: readonly string[]): boolean {
  return scope !== GLOBAL && units.some((unit) => unit === scope || applicationOf(unit) === scope)
}

function putLocal(
  values: Values,
  [, conversation = '', field = '']: RegExpExecArray,
  value: unknown,
): boolean {
  const place = placeOfFlagKey(conversation)
  if (place === undefined) return false
  const { local, ...record } = recordAt(values, stateKeyOf(place))
  values.set(stateKeyOf(place), { ...record, local: toRecord([...Object.entries(local), [field, value]]) })
  return true
}

function recordAt(values: Values, key: string): ConversationRecord {
  return (values.get(key) ?? { units: [], local: {} }) as ConversationRecord
}

/**
 * Leave out conversations without units, and take what has ended from the values of flags: the original forgets
 * that. Gives the flags that no conversation has any more; they are left out, too.
 */
export function dropEndedConversations(values: Values): string[] {
  for (const [key, value] of values) {
    if (key.startsWith(KEY.conversation) && (value as ConversationRecord).units.length === 0)
      values.delete(key)
  }
  const dropped: string[] = []
  for (const [key, value] of values) {
    const told = key.startsWith(KEY.flag) ? toConversationFlag(value) : undefined
    if (told === undefined) continue
    const conversations = told.conversations.filter((name) => {
      const place = placeOfFlagKey(name)
      return place !== undefined && values.has(stateKeyOf(place))
    })
    if (conversations.length > 0) values.set(key, { ...told, conversations })
    else if (values.delete(key)) dropped.push(key.slice(KEY.flag.length))
  }
  return dropped
}
