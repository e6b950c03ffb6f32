// Which fields of the other side's data changed since they were last seen. Of each databag that was read the
// state keeps a hash per field, of the decoded value, as the Python original does.

import { createHash } from 'node:crypto'
import { shorten } from '../errors.ts'
import { flagNameFault } from '../unit/flags.ts'
import { KEY } from '../unit/keys.ts'
import { endpointOf } from '../unit/names.ts'
import { pythonJson } from '../unit/python-json.ts'
import { toRecord } from '../unit/records.ts'
import type { Session } from '../unit/session.ts'
import type { UnitState } from '../unit/unit-state.ts'
import { decodeExactly, isTooDeep, type RelationData } from './databag.ts'
import { type Address, addressOf, isApplication, keyOf } from './databag-address.ts'
import type { JujuRelations, Publication } from './juju-relations.ts'

type Hashes = Record<string, string>

/** Whether the data of a databag was seen before. */
export function wasReceived(state: UnitState, address: Address): boolean {
  return state.has(receivedKey(address))
}

/** Whether any data of a relation was seen before. */
export function wasAnyReceived(state: UnitState, relation: string): boolean {
  return !state.entries(receivedKey({ relation, owner: '' })).next().done
}

/** The fields of an endpoint that changed, where data was read or is gone; they are seen now. */
export function receivedChanges(session: Session, facts: JujuRelations, endpoint: string): Set<string> {
  const changed = new Set<string>()
  const seen = [...session.state.entries(`${KEY.received}${endpoint}:`)].map(([rest]) =>
    addressOf(`${endpoint}:${rest}`),
  )
  for (const address of seen) {
    if (isStillThere(facts, endpoint, address)) continue
    const fields = isOldNews(session, address) ? [] : Object.keys(hashesOf(session, address))
    for (const field of fields) changed.add(field)
    session.state.delete(receivedKey(address))
  }
  const imported = new Set(seen.map(({ relation }) => relation))
  for (const address of facts.known().filter((known) => isRemote(facts, endpoint, known))) {
    // A unit that ran with the Python original has seen the units of a relation, but never an application.
    const isNews =
      !isApplication(address.owner) || wasReceived(session.state, address) || !imported.has(address.relation)
    for (const field of compare(session, address, facts.read(address))) if (isNews) changed.add(field)
  }
  return changed
}

/** The Python original never forgets data of units that have left: in the first hook that succeeds that is no news. */
function isOldNews({ state, context }: Session, { relation, owner }: Address): boolean {
  return state.has(KEY.moving) && !(context.relation.id === relation && context.relation.remoteUnit === owner)
}

/** The flag of a field. */
export function changedFlag(endpoint: string, field: string): string {
  return `endpoint.${endpoint}.changed.${field}`
}

/** Why a field has no flag; other units choose the names. */
export function fieldFault(endpoint: string, field: string): string | undefined {
  return flagNameFault(field) ?? flagNameFault(changedFlag(endpoint, field))
}

/** What the leader of a peer relation has published itself is no news when it comes back. */
export function recordPublished({ state }: Session, { relation, owner, data }: Publication): void {
  const address = { relation, owner }
  if (!wasReceived(state, address)) return
  const hashes = new Map(Object.entries(state.get(receivedKey(address)) as Hashes))
  for (const [field, text] of Object.entries(data)) {
    if (text === '') hashes.delete(field)
    else hashes.set(field, hashOf(text))
  }
  state.set(receivedKey(address), toRecord(hashes))
}

/** Whether a databag that was seen still exists: units leave, an application's lasts as long as the relation. */
function isStillThere(facts: JujuRelations, endpoint: string, { relation, owner }: Address): boolean {
  if (!facts.ids(endpoint).includes(relation)) return false
  return isApplication(owner) || facts.members(relation).includes(owner)
}

/** Whether a databag belongs to the other side of a relation that the endpoint has. */
function isRemote(facts: JujuRelations, endpoint: string, { relation, owner }: Address): boolean {
  if (!facts.ids(endpoint).includes(relation)) return false
  return facts.members(relation).includes(owner) || facts.remoteApplication(relation) === owner
}

function compare(session: Session, address: Address, data: RelationData): string[] {
  const before = hashesOf(session, address)
  const now = toRecord(Object.entries(data).map(([field, text]) => [field, hashOf(text)] as const))
  const fields = new Set([...Object.keys(before), ...Object.keys(now)])
  const changed = [...fields].filter((field) => before[field] !== now[field])
  if (changed.length === 0 && wasReceived(session.state, address)) return []
  session.state.set(receivedKey(address), now)
  for (const [field, text] of Object.entries(data)) {
    if (before[field] !== now[field]) warnOf(session, address, field, text)
  }
  return changed
}

/** Once for each value that cannot be taken as it is. */
function warnOf({ log }: Session, { relation, owner }: Address, field: string, text: string): void {
  const where = `relation data of ${owner} on ${relation}`
  const name = JSON.stringify(shorten(field))
  const fault = fieldFault(endpointOf(relation), field)
  if (fault !== undefined) log.warning(`${where}: the field has no flag, ${fault}: ${name}`)
  else if (text.includes('\ufffd')) log.warning(`${where}: the value is not UTF-8: ${name}`)
  else if (isTooDeep(text)) log.warning(`${where}: the value is nested too deeply, so it stays text: ${name}`)
}

function hashOf(text: string): string {
  return createHash('md5')
    .update(pythonJson(decodeExactly(text)))
    .digest('hex')
}

function hashesOf({ state }: Session, address: Address): Hashes {
  return toRecord(Object.entries((state.get(receivedKey(address)) ?? {}) as Hashes))
}

function receivedKey(address: Address): string {
  return KEY.received + keyOf(address)
}
