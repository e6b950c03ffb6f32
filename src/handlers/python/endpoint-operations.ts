// Operations of endpoints, their relations and data: what Python's Endpoint and RelationBase stand on.

import type { CharmEndpoints } from '../../endpoints/endpoints.ts'
import type { JujuRelations, Own } from '../../endpoints/juju-relations.ts'
import { Conversation, presentUnits } from '../../endpoints/old-style/conversation.ts'
import { RelationBase } from '../../endpoints/old-style/relation-base.ts'
import { findEndpoint } from '../../endpoints/published-data.ts'
import { RelatedUnit, Relation } from '../../endpoints/relation.ts'
import { endpointFromFlag, loadedEndpoints, relationCall } from '../../endpoints/relation-call.ts'
import { ReactiveError, UsageError } from '../../errors.ts'
import { endpointOf } from '../../unit/names.ts'
import type { Session } from '../../unit/session.ts'
import type { Operation } from './operations.ts'

type Place = [namespace: string, scope: string]
type Kept = [relation: string, unit: string, data: Record<string, string>]
type Texts = Record<string, string | null>

const factsOf = async (session: Session) => (await loadedEndpoints(session)).facts

export const ENDPOINT_OPERATIONS = {
  /** What metadata says of an endpoint, and whether an interface layer stands for it; null where there is none. */
  async endpoint(session, name: string) {
    const endpoints = await loadedEndpoints(session)
    const declared = endpoints.declaration(name)
    return declared && { ...declared, is_implemented: endpoints.isImplemented(name) }
  },
  /** Also the relation that breaks in this hook: as in the original it has no units, and may still be written. */
  async relation_ids(session, name: string) {
    const { endpoint } = await findEndpoint(session, name)
    return (await factsOf(session)).listed(endpoint.endpointName)
  },
  joined_units: async (session, relation: string) => [...(await factsOf(session)).members(relation)],
  async remote_application(session, relation: string) {
    const facts = await factsOf(session)
    await facts.learnApplications([relation])
    return facts.remoteApplication(relation)
  },
  /** The data of units or applications, in the order of the addresses. */
  async received(session, given: [relation: string, owner: string][]) {
    const facts = await factsOf(session)
    const addresses = given.map(([relation, owner]) => ({ relation, owner }))
    await facts.fetch(addresses)
    return addresses.map((address) => facts.read(address))
  },
  async published(session, relation: string, own: Own) {
    const facts = await factsOf(session)
    await fetchOwn(facts, relation, own)
    return { ...facts.published(relation, own).raw }
  },
  async publish_data(session, relation: string, own: Own, texts: Texts) {
    const facts = await factsOf(session)
    await fetchOwn(facts, relation, own)
    Object.assign(facts.published(relation, own).raw, texts)
  },
  async departed(session, name: string) {
    const { endpoint } = await findEndpoint(session, name)
    return endpoint.allDepartedUnits.map(({ relation, unitName, receivedRaw }) => ({
      relation: relation.relationId,
      unit_name: unitName,
      data: { ...receivedRaw },
    }))
  },
  /** The units that stay departed. */
  async keep_departed(session, name: string, kept: Kept[]) {
    const { endpoint, endpoints } = await findEndpoint(session, name)
    const units = kept.map((unit) => departedUnit(endpoints, unit))
    endpoints.cleared.push(...endpoint.allDepartedUnits)
    endpoint.allDepartedUnits.clear()
    endpoint.allDepartedUnits.push(...units)
    endpoints.keepDeparted(session)
  },
  /** The endpoint that a flag belongs to, and of an old one the conversations that have set it. */
  async subject_of_flag(session, flag: string) {
    await loadedEndpoints(session)
    const found = endpointFromFlag(session, flag)
    if (found === undefined) return null
    return { endpoint: found.endpointName, conversations: placesOf(found) }
  },
  /** The conversations that this hook is about, and the scope that is meant where none is given. */
  async conversations(session, name: string) {
    const found = (await loadedEndpoints(session)).find(name)
    if (!(found instanceof RelationBase))
      throw new ReactiveError(`the endpoint has no conversations: ${name}`)
    return { conversations: placesOf(found), scope: found.defaultScope ?? null }
  },
  async conversation(session, [namespace, scope]: Place, what: string, ...args: never[]) {
    const facts = await factsOf(session)
    const conversation = new Conversation(session, facts, { namespace, scope })
    const run = Object.hasOwn(CONVERSATION, what) ? CONVERSATION[what] : undefined
    if (run === undefined) throw new UsageError(`conversations have no such operation: ${what}`)
    return run(conversation, facts, ...args)
  },
  /** The requests on an endpoint's relations: id, relation, and the remote unit that asks or null. */
  async requests(session, name: string) {
    const { unitName } = session.context
    const { listRequests } = await import('../../endpoints/requests/plain-requests.ts')
    const list = await listRequests(session, name, { isNew: false, relation: undefined })
    return list.map(({ id, relation, unit }) => [id, relation, unit === unitName ? null : unit])
  },
  async request_created(session, id: string, request: string, hasNewId: boolean) {
    const { Exchange } = await import('../../endpoints/requests/exchange.ts')
    const { requestCreated } = await import('../../endpoints/requests/request-flags.ts')
    const relation = (await findEndpoint(session, endpointOf(id))).endpoint.relations.get(id)
    if (relation !== undefined) requestCreated(session, new Exchange(request, relation), { hasNewId })
  },
  async request_answered(session, name: string) {
    const { requestAnswered } = await import('../../endpoints/requests/request-flags.ts')
    requestAnswered(session, name)
  },
  relation_call: async (session, endpoint: string, method: string, args: string[]) =>
    (await relationCall(session, { flag: undefined, endpoint }, method, args)).value,
} satisfies Record<string, Operation>

type ConversationOperation = (conversation: Conversation, facts: JujuRelations, ...args: never[]) => unknown

const CONVERSATION: Readonly<Record<string, ConversationOperation>> = {
  units: ({ units }) => units,
  relation_ids: ({ relationIds }) => relationIds,
  set_state: (conversation, _, state: string) => conversation.setState(state),
  remove_state: (conversation, _, state: string) => conversation.removeState(state),
  is_state: (conversation, _, state: string) => conversation.isState(state),
  /** At once: the charm may read it back from Juju. */
  async set_remote({ relationIds }, facts, texts: Texts) {
    for (const relation of relationIds) {
      await fetchOwn(facts, relation, 'unit')
      Object.assign(facts.published(relation, 'unit').raw, texts)
      await facts.publish((address) => address.relation === relation && address.owner === facts.own('unit'))
    }
  },
  async get_remote(conversation, facts, key: string) {
    const units = new Set(conversation.units)
    const databags = conversation.relationIds.flatMap((relation) =>
      presentUnits(facts, relation)
        .filter((unit) => units.has(unit))
        .map((owner) => ({ relation, owner })),
    )
    await facts.fetch(databags)
    return conversation.getRemote(key)
  },
  set_local: (conversation, _, fields: Record<string, unknown>) => conversation.setLocal(fields),
  /** The value in a list; an empty one where there is none. */
  get_local(conversation, _, key: string) {
    const none = Symbol('none')
    const value = conversation.getLocal(key, none)
    return value === none ? [] : [value]
  },
}

function placesOf(found: object): Place[] | null {
  if (!(found instanceof RelationBase)) return null
  return found.conversations().map(({ namespace, scope }) => [namespace, scope])
}

function fetchOwn(facts: JujuRelations, relation: string, own: Own): Promise<void> {
  return facts.fetch([{ relation, owner: facts.own(own) }])
}

function departedUnit(endpoints: CharmEndpoints, [id, unit, data]: Kept): RelatedUnit {
  const endpoint = endpoints.endpoint(endpointOf(id))
  const known = endpoint?.allDepartedUnits.find(
    ({ unitName, relation }) => unitName === unit && relation.relationId === id,
  )
  if (known !== undefined) return known
  const relation = endpoint?.relations.get(id) ?? new Relation(id, endpoints.facts)
  return RelatedUnit.withData(relation, unit, data)
}
