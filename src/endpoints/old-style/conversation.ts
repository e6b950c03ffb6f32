// A conversation of an interface layer of the old style (relation-base.ts): the units of the other side that
// share a scope, the flags that they have together, and what the charm keeps for them. How conversations begin
// and end: conversations.ts.

import { endpointOf } from '../../unit/names.ts'
import { toRecord } from '../../unit/records.ts'
import {
  type ConversationPlace,
  type ConversationRecord,
  changeConversationFlag,
  flagKeyOf,
  getConversationFlag,
  stateKeyOf,
} from '../../unit/relation-records.ts'
import type { Session } from '../../unit/session.ts'
import type { JujuRelations } from '../juju-relations.ts'

/** Data to be published or kept, by key. */
export type Fields = Readonly<Record<string, unknown>>

/** A conversation with some units of an endpoint of the old style: their data, and what is remembered. */
export class Conversation {
  /** The relation id, or the name of the endpoint where the conversation is about all of its relations. */
  readonly namespace: string
  readonly scope: string
  readonly #session: Session
  readonly #facts: JujuRelations

  declare setFlag: Conversation['setState']
  declare removeFlag: Conversation['removeState']
  declare clearFlag: Conversation['removeState']
  declare isFlagSet: Conversation['isState']
  declare toggleFlag: Conversation['toggleState']
  static {
    const { setState, removeState, isState, toggleState } = Conversation.prototype
    const aliases = { setFlag: setState, removeFlag: removeState, clearFlag: removeState }
    Object.assign(Conversation.prototype, aliases, { isFlagSet: isState, toggleFlag: toggleState })
  }

  constructor(session: Session, facts: JujuRelations, { namespace, scope }: ConversationPlace) {
    this.#session = session
    this.#facts = facts
    this.namespace = namespace
    this.scope = scope
  }

  get endpointName(): string {
    return endpointOf(this.namespace)
  }

  /** The old word for the endpoint's name. */
  get relationName(): string {
    return this.endpointName
  }

  /** The name of the conversation in the values of flags. */
  get key(): string {
    return flagKeyOf(this)
  }

  /** The relations that it is about, by number. */
  get relationIds(): string[] {
    return relationsOf(this.#facts, this.namespace)
  }

  /** The units that take part, by number. */
  get units(): string[] {
    return this.#record?.units ?? []
  }

  /** Set a flag for this conversation; `{relation_name}` becomes the endpoint's name. */
  setState(state: string): void {
    const flag = this.#expand(state)
    if (this.#recordOr(`the flag is not set: ${flag}`) === undefined) return
    const { relation, conversations } = getConversationFlag(this.#session, flag) ?? {
      relation: this.endpointName,
      conversations: [],
    }
    changeConversationFlag(this.#session, flag, { relation, conversations: [...conversations, this.key] })
  }

  /** Take this conversation from a flag, which is cleared when no other has it. */
  removeState(state: string): void {
    const flag = this.#expand(state)
    const told = getConversationFlag(this.#session, flag)
    if (told === undefined) return
    const conversations = told.conversations.filter((key) => key !== this.key)
    changeConversationFlag(this.#session, flag, { ...told, conversations })
  }

  /** Whether this conversation has the flag. */
  isState(state: string): boolean {
    const told = getConversationFlag(this.#session, this.#expand(state))
    return told?.conversations.includes(this.key) ?? false
  }

  /** Set the flag if `active`, else remove it; without `active` turn it around. */
  toggleState(state: string, active: unknown = !this.isState(state)): void {
    if (active) this.setState(state)
    else this.removeState(state)
  }

  /** Publish data for the other side, when the hook succeeds; null removes a key. */
  setRemote(data: Fields): void
  setRemote(key: string, value: unknown): void
  setRemote(given: string | Fields, value?: unknown): void {
    for (const id of this.relationIds) {
      const { raw } = this.#facts.published(id, 'unit')
      for (const [key, item] of toEntries(given, value)) Reflect.set(raw, key, asPython(item))
    }
  }

  /** The first value that is not empty of what the units have published; a unit that leaves is asked last. */
  getRemote<T = null>(key: string, fallback: T = null as T): string | T {
    for (const id of this.relationIds) {
      for (const unit of this.#unitsOn(id)) {
        const text = this.#facts.received(id, unit).raw[key]
        if (text) return text
      }
    }
    return fallback
  }

  /** Keep JSON values as long as the conversation lasts. */
  setLocal(data: Fields): void
  setLocal(key: string, value: unknown): void
  setLocal(given: string | Fields, value?: unknown): void {
    const entries = toEntries(given, value)
    const record = this.#recordOr(`nothing is kept: ${entries.map(([key]) => key).join(', ')}`)
    if (record === undefined) return
    const local = toRecord([...Object.entries(record.local), ...entries])
    this.#session.state.set(stateKeyOf(this), { ...record, local })
  }

  /** A value that was kept. */
  getLocal(key: string, fallback: unknown = null): unknown {
    const local = this.#record?.local ?? {}
    return Object.hasOwn(local, key) ? local[key] : fallback
  }

  toString(): string {
    return this.scope
  }

  toJSON(): string {
    return this.scope
  }

  get #record(): ConversationRecord | undefined {
    return this.#session.state.get(stateKeyOf(this)) as ConversationRecord | undefined
  }

  /** Nothing new belongs to a conversation that has no units: it would outlive its relation. */
  #recordOr(refusal: string): ConversationRecord | undefined {
    const record = this.#record
    if (record === undefined) {
      const subject =
        this.scope === '' ? this.namespace : `the conversation ${this.scope} of ${this.namespace}`
      this.#session.log.warning(`${subject} has no units, ${refusal}`)
    }
    return record
  }

  #expand(flag: string): string {
    return flag.replaceAll('{relation_name}', () => this.endpointName)
  }

  #unitsOn(relation: string): string[] {
    const units = new Set(this.units)
    return presentUnits(this.#facts, relation).filter((unit) => units.has(unit))
  }
}

/** The relations that a namespace stands for. */
export function relationsOf(facts: JujuRelations, namespace: string): string[] {
  return facts.ids(endpointOf(namespace)).filter((id) => id === namespace || !namespace.includes(':'))
}

/** The units of a relation by number, and last the one that leaves in this hook. */
export function presentUnits(facts: JujuRelations, relation: string): string[] {
  const { id, remoteUnit } = facts.context.relation
  const units = facts.members(relation)
  const isMissing = id === relation && remoteUnit !== '' && !units.includes(remoteUnit)
  return isMissing ? [...units, remoteUnit] : [...units]
}

function toEntries(given: string | Fields, value: unknown): [string, unknown][] {
  return typeof given === 'string' ? [[given, value]] : Object.entries(given)
}

/** The other side may well be written in Python. */
function asPython(value: unknown): unknown {
  return typeof value === 'boolean' ? (value ? 'True' : 'False') : value
}
