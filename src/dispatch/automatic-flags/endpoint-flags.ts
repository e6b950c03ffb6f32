// The flags of endpoints (documentation 2.2, 2.7 Endpoint). `joined` follows what Juju says at the start of
// every hook. Data is read where it may have changed: in the hooks of its own relation, and when the endpoint
// was not joined before. A unit that leaves takes its data with it: that is a change as well.

import type { Address } from '../../endpoints/databag-address.ts'
import { type CharmEndpoints, endpointsOf } from '../../endpoints/endpoints.ts'
import type { JujuRelations } from '../../endpoints/juju-relations.ts'
import {
  changedFlag,
  fieldFault,
  receivedChanges,
  wasAnyReceived,
  wasReceived,
} from '../../endpoints/received-changes.ts'
import { possibleRoles } from '../../endpoints/requests/roles.ts'
import { messageOf, ofCharm } from '../../errors.ts'
import { clearFlag, getFlags, isFlagSet, setFlag, toggleFlag } from '../../unit/flags.ts'
import { isLeader } from '../../unit/is-leader.ts'
import { KEY } from '../../unit/keys.ts'
import type { Session } from '../../unit/session.ts'
import type { FlagGroup } from './flag-group.ts'

export const ENDPOINT_FLAGS: FlagGroup = {
  askEarly: (session) => endpointsOf(session).ask(),
  async ask(session) {
    const endpoints = endpointsOf(session)
    await endpoints.load(session)
    await Promise.all([readDeparting(session, endpoints.facts), readChanging(session, endpoints)])
  },
  async atStart(session) {
    const endpoints = endpointsOf(session)
    endpoints.facts.leads = await isLeader(session).catch(() => undefined)
    await callAll(endpoints, 'registerTriggers')
    clearLeftovers(session, endpoints)
    endpoints.startConversations()
    for (const name of endpoints.names) await setFlagsOf(session, endpoints, name)
    await callAll(endpoints, 'manageFlags')
  },
  atEnd(session) {
    endpointsOf(session).endConversations()
    endpointsOf(session).keepDeparted(session)
    session.state.delete(KEY.moving)
  },
}

/** What interface layers do at the start of a hook. */
async function callAll(endpoints: CharmEndpoints, method: 'registerTriggers' | 'manageFlags'): Promise<void> {
  for (const name of endpoints.names) {
    await ofCharm(`${method} of the endpoint ${name} failed`, () => endpoints.endpoint(name)?.[method]())
  }
}

/** Whether this is a hook of one of the endpoint's relations. */
function isOwnHook({ context }: Session, name: string): boolean {
  return context.relation.step !== '' && context.relation.endpoint === name
}

/** The data of the unit that leaves; it may be gone already. */
async function readDeparting({ context, log }: Session, facts: JujuRelations): Promise<void> {
  const { step, id: relation, remoteUnit: owner } = context.relation
  if (step !== 'departed' || owner === '') return
  await facts.fetch([{ relation, owner }]).catch((error: unknown) => {
    log.warning(`the data of ${owner} on ${relation} is lost: ${messageOf(error)}`)
    facts.put({ relation, owner }, {})
  })
}

async function readChanging(session: Session, { facts, names }: CharmEndpoints): Promise<void> {
  const relations = names.flatMap((name) => facts.ids(name).filter((id) => isRead(session, facts, name, id)))
  await facts.learnApplications(relations)
  const unknown = names
    .filter((name) => isOwnHook(session, name))
    .flatMap((name) => unseen(session, facts, name))
  await facts.fetch([...relations.flatMap((id) => remoteDatabags(facts, id)), ...unknown])
}

/** Whether the data of a relation may have changed since the last hook. */
function isRead(session: Session, facts: JujuRelations, name: string, id: string): boolean {
  if (isOwnHook(session, name) && session.context.relation.id === id) return true
  if (isFlagSet(session, `endpoint.${name}.joined`)) return false
  // A peer relation of a single unit is never joined: that is no reason to read it in every hook.
  return facts.members(id).length > 0 || !wasAnyReceived(session.state, id)
}

/** The databags of the other side that there are. */
function remoteDatabags(facts: JujuRelations, relation: string): Address[] {
  const owners = [...facts.members(relation), facts.remoteApplication(relation)]
  return owners.filter((owner) => owner !== '').map((owner) => ({ relation, owner }))
}

/** Databags of the endpoint's other relations that have units, where data was never read. */
function unseen({ state }: Session, facts: JujuRelations, name: string): Address[] {
  return facts
    .ids(name)
    .filter((id) => facts.members(id).length > 0)
    .flatMap((id) => remoteDatabags(facts, id))
    .filter((address) => !wasReceived(state, address))
}

/** The flags of an endpoint, with those of its requests where they may have changed and it has any. */
async function setFlagsOf(session: Session, endpoints: CharmEndpoints, name: string): Promise<void> {
  const isNews = isOwnHook(session, name) || !isFlagSet(session, `endpoint.${name}.joined`)
  const changed = setEndpointFlags(session, endpoints, name)
  const roles = isNews ? possibleRoles(session, endpoints, name) : []
  if (roles.length === 0) return
  const { setRequestFlags } = await import('../../endpoints/requests/request-flags.ts')
  await setRequestFlags(session, endpoints, name, { roles, changed })
}

/** Gives the fields of the other side's data that changed. */
function setEndpointFlags(session: Session, endpoints: CharmEndpoints, name: string): ReadonlySet<string> {
  const endpoint = endpoints.endpoint(name)
  if (endpoint === undefined) return new Set()
  const isDeparted = isOwnHook(session, name) && session.context.relation.step === 'departed'
  const changed = receivedChanges(session, endpoints.facts, name)
  if (isDeparted) endpoints.depart(name)
  toggleFlag(session, `endpoint.${name}.joined`, endpoint.isJoined)
  if (isDeparted) setFlag(session, `endpoint.${name}.departed`)
  else if (endpoint.isJoined) clearFlag(session, `endpoint.${name}.departed`)
  // What a relation leaves behind goes with the last one.
  if (endpoints.facts.ids(name).length === 0) return changed
  if (changed.size > 0) setFlag(session, `endpoint.${name}.changed`)
  for (const field of changed) {
    if (fieldFault(name, field) === undefined) setFlag(session, changedFlag(name, field))
  }
  return changed
}

const AUTOMATIC =
  /^endpoint\.([^.]+)\.(joined|departed|changed(?:\..*)?|(?:has|all)_responses|(?:has|new)_requests)$/s

/** Flags of endpoints that are gone, and changes of endpoints that have no relation any more. */
function clearLeftovers(session: Session, { names, facts }: CharmEndpoints): void {
  const declared = new Set(names)
  for (const flag of getFlags(session, 'endpoint.')) {
    const [, name, word] = AUTOMATIC.exec(flag) ?? []
    if (name === undefined || word === undefined) continue
    const isOver = facts.ids(name).length === 0 && word.startsWith('changed')
    if (!declared.has(name) || isOver) clearFlag(session, flag)
  }
}
