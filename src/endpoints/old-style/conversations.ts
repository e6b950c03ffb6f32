// How conversations begin and end. The remote unit of a hook joins its conversation at the start; a unit that has
// left takes leave at the end of its hook, or at the start of a later one that finds it gone. A conversation
// without units ends, and with it all flags that no other has: nothing is left of a relation that is gone.

import { KEY } from '../../unit/keys.ts'
import { applicationOf, compareRelationIds, compareUnitNames, endpointOf } from '../../unit/names.ts'
import {
  type ConversationPlace,
  type ConversationRecord,
  flagKeyOf,
  placeOfFlagKey,
  replaceInFlags,
  stateKeyOf,
} from '../../unit/relation-records.ts'
import type { Session } from '../../unit/session.ts'
import type { JujuRelations } from '../juju-relations.ts'
import { Conversation, presentUnits, relationsOf } from './conversation.ts'
import { type RelationView, scopes } from './relation-base.ts'

type Kept = ConversationPlace & ConversationRecord

export class Conversations {
  readonly #session: Session
  readonly #facts: JujuRelations

  constructor(session: Session, facts: JujuRelations) {
    this.#session = session
    this.#facts = facts
  }

  /** At the start of a hook: end what is over. */
  sweep(): void {
    const kept = this.#kept()
    if (kept.length === 0) return
    for (const conversation of kept) if (conversation.undivided) this.#divide(conversation)
    this.#keepUnits(this.#kept(), ({ namespace, units }) => {
      const relations = relationsOf(this.#facts, namespace)
      // A unit that is gone has its own hook for that, and it may still be to come.
      const isOther = endpointOf(namespace) !== this.#facts.context.relation.endpoint
      if (relations.length > 0 && isOther) return units
      return relations.flatMap((relation) => presentUnits(this.#facts, relation))
    })
  }

  /** At the start of a hook: its remote unit takes part in the conversation of its scope. */
  join(endpoint: string, scope: string): void {
    const { step, remoteUnit } = this.#facts.context.relation
    const place = this.#placeOfHook(endpoint, scope)
    if (place === undefined || remoteUnit === '' || !JOINING.has(step)) return
    const { units, local }: ConversationRecord = this.#record(place) ?? { units: [], local: {} }
    if (!units.includes(remoteUnit)) this.#write(place, { units: [...units, remoteUnit], local })
  }

  /** At the end of a hook: the unit that has left takes part no more. */
  depart(): void {
    const { step, endpoint } = this.#facts.context.relation
    if (step !== 'departed') return
    this.#keepUnits(this.#of(endpoint), ({ namespace }) =>
      relationsOf(this.#facts, namespace).flatMap((relation) => this.#facts.members(relation)),
    )
  }

  /** In a hook of the endpoint what it is about; elsewhere all conversations of the endpoint. */
  view(endpoint: string, scope: string): RelationView {
    const { id } = this.#facts.context.relation
    const place = this.#placeOfHook(endpoint, scope)
    const ofHook = () =>
      place === undefined ? this.#of(endpoint).filter(({ namespace }) => namespace === id) : [place]
    const places = this.#isHookOf(endpoint) ? ofHook() : this.#of(endpoint)
    return {
      conversations: places.map((found) => this.#open(found)),
      scope: this.#scopeOfHook(endpoint, scope),
    }
  }

  /** The conversations that a flag names, as far as they go on. */
  viewOf(keys: readonly string[], endpoint: string, scope: string): RelationView {
    const places = keys.flatMap((key) => placeOfFlagKey(key) ?? [])
    const lasting = places.filter((place) => this.#record(place) !== undefined)
    return {
      conversations: lasting.map((place) => this.#open(place)),
      scope: this.#scopeOfHook(endpoint, scope),
    }
  }

  #isHookOf(endpoint: string): boolean {
    const { relation } = this.#facts.context
    return relation.endpoint === endpoint && relation.id !== ''
  }

  /** The scope of the conversation that is meant where none is named; undefined where the hook does not tell. */
  #scopeOfHook(endpoint: string, scope: string): string | undefined {
    if (!isOfRelation(scope)) return scope
    if (!this.#isHookOf(endpoint)) return undefined
    const { remoteUnit, remoteApplication } = this.#facts.context.relation
    // Handlers are often for departed and broken: where no unit is left, they speak to a conversation without any.
    if (scope === scopes.UNIT) return remoteUnit
    return applicationOf(remoteUnit) || remoteApplication || undefined
  }

  /** The conversation that a hook of the endpoint is about; it may not have begun, or have ended. */
  #placeOfHook(endpoint: string, scope: string): ConversationPlace | undefined {
    const found = this.#isHookOf(endpoint) ? this.#scopeOfHook(endpoint, scope) : undefined
    if (found === undefined) return undefined
    return { namespace: isOfRelation(scope) ? this.#facts.context.relation.id : endpoint, scope: found }
  }

  #open(place: ConversationPlace): Conversation {
    return new Conversation(this.#session, this.#facts, place)
  }

  /** Keep those of the units that are there. A conversation without any ends. */
  #keepUnits(conversations: readonly Kept[], there: (conversation: Kept) => readonly string[]): void {
    const ended = new Set<string>()
    for (const conversation of conversations) {
      const present = new Set(there(conversation))
      const units = conversation.units.filter((unit) => present.has(unit))
      if (units.length === 0) {
        this.#session.state.delete(stateKeyOf(conversation))
        ended.add(flagKeyOf(conversation))
      } else if (units.length < conversation.units.length) {
        this.#write(conversation, { units, local: conversation.local })
      }
    }
    if (ended.size > 0) replaceInFlags(this.#session, (key) => (ended.has(key) ? [] : [key]))
  }

  /** What an old Python original kept for all relations together becomes a conversation for each of them. */
  #divide({ namespace, scope, units, local }: Kept): void {
    const parts: ConversationPlace[] = []
    for (const relation of relationsOf(this.#facts, namespace)) {
      const present = new Set(presentUnits(this.#facts, relation))
      const own = units.filter((unit) => present.has(unit))
      if (own.length === 0) continue
      parts.push({ namespace: relation, scope })
      this.#write({ namespace: relation, scope }, { units: own, local })
    }
    this.#session.state.delete(stateKeyOf({ namespace, scope }))
    const old = flagKeyOf({ namespace, scope })
    replaceInFlags(this.#session, (key) => (key === old ? parts.map(flagKeyOf) : [key]))
  }

  #of(endpoint: string): Kept[] {
    return this.#kept().filter(({ namespace }) => endpointOf(namespace) === endpoint)
  }

  /** All conversations, by relation and scope. */
  #kept(): Kept[] {
    return [...this.#session.state.entries(KEY.conversation)]
      .map(([key, record]) => ({ ...placeOfStateKey(key), ...(record as ConversationRecord) }))
      .sort((a, b) => compareRelationIds(a.namespace, b.namespace) || compareUnitNames(a.scope, b.scope) || 0)
  }

  #record(place: ConversationPlace): ConversationRecord | undefined {
    return this.#session.state.get(stateKeyOf(place)) as ConversationRecord | undefined
  }

  #write(place: ConversationPlace, { units, local }: ConversationRecord): void {
    this.#session.state.set(stateKeyOf(place), { units: [...units].sort(compareUnitNames), local })
  }
}

/** The hooks in which a unit takes part. */
const JOINING = new Set(['joined', 'changed', 'departed'])

/** Whether each relation has conversations of its own; else there is one for the endpoint. */
function isOfRelation(scope: string): boolean {
  return scope === scopes.SERVICE || scope === scopes.UNIT
}

function placeOfStateKey(rest: string): ConversationPlace {
  const at = rest.indexOf(' ')
  return { namespace: rest.slice(0, at), scope: rest.slice(at + 1) }
}
