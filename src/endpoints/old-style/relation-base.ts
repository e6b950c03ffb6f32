// The base class of interface layers of the old style. Data and flags belong to conversations (conversation.ts),
// and its methods speak to one of them: that of the hook, or the one whose scope is given. Deprecated, since
// Endpoint came, and in use by nearly every interface layer of that time.

import { ReactiveError } from '../../errors.ts'
import { camelCase } from '../../unit/names.ts'
import { GLOBAL } from '../../unit/relation-records.ts'
import type { Conversation, Fields } from './conversation.ts'

/** Which units share a conversation. Any other text is a scope of its own, for the whole endpoint. */
export const scopes = Object.freeze({
  /** All units of all relations of the endpoint. */
  GLOBAL,
  /** The units of one application on one relation. */
  SERVICE: 'service',
  /** Each unit alone. */
  UNIT: 'unit',
})

/** What the engine hands to an object for an endpoint. */
export interface RelationView {
  /** In a hook of the endpoint the one that it is about, for a flag those that have it, else all. */
  conversations: readonly Conversation[]
  /** The scope that is meant where none is given; undefined where the hook does not tell. */
  scope: string | undefined
}

/** The base class of interface layers of the old style. */
export class RelationBase {
  /** Which units share a conversation: one of `scopes`, or any text for one conversation of the endpoint. */
  static scope: string = scopes.UNIT
  /** Fields of the other side that get methods: `private-address` the method `privateAddress()`. */
  static autoAccessors: readonly string[] = []

  readonly endpointName: string
  readonly #view: RelationView

  declare setFlag: RelationBase['setState']
  declare removeFlag: RelationBase['removeState']
  declare clearFlag: RelationBase['removeState']
  declare isFlagSet: RelationBase['isState']
  declare toggleFlag: RelationBase['toggleState']
  static {
    const { setState, removeState, isState, toggleState } = RelationBase.prototype
    const aliases = { setFlag: setState, removeFlag: removeState, clearFlag: removeState }
    Object.assign(RelationBase.prototype, aliases, { isFlagSet: isState, toggleFlag: toggleState })
  }

  constructor(endpointName: string, view: RelationView) {
    this.endpointName = endpointName
    this.#view = view
    for (const field of accessorFields(new.target)) this.#addAccessor(field)
  }

  /** The old word for the endpoint's name. */
  get relationName(): string {
    return this.endpointName
  }

  /** The scope that is meant where none is given; undefined where the hook does not tell. */
  get defaultScope(): string | undefined {
    return this.#view.scope
  }

  /** The conversations that this object is about. */
  conversations(): Conversation[] {
    return [...this.#view.conversations]
  }

  /** The conversation of this scope, by default that of the hook, or the only one of a global scope. */
  conversation(scope: string | undefined = this.#view.scope): Conversation {
    if (scope === undefined) {
      throw new ReactiveError(`this hook belongs to no conversation, so name the scope: ${this.endpointName}`)
    }
    const found = this.#view.conversations.find((conversation) => conversation.scope === scope)
    if (found !== undefined) return found
    throw new ReactiveError(`${this.endpointName} has no conversation with this scope: ${scope}`)
  }

  /** Set a flag for a conversation; `{relation_name}` becomes the endpoint's name. */
  setState(state: string, scope?: string): void {
    this.conversation(scope).setState(state)
  }

  /** Take a conversation from a flag, which is cleared when no other has it. */
  removeState(state: string, scope?: string): void {
    this.conversation(scope).removeState(state)
  }

  /** Whether a conversation has the flag. */
  isState(state: string, scope?: string): boolean {
    return this.conversation(scope).isState(state)
  }

  /** Set the flag if `active`, else remove it; without `active` turn it around. */
  toggleState(state: string, active?: unknown, scope?: string): void {
    this.conversation(scope).toggleState(state, active)
  }

  /** Publish data for the other side, when the hook succeeds; null removes a key. */
  setRemote(data: Fields, scope?: string): void
  setRemote(key: string, value: unknown, scope?: string): void
  setRemote(...given: Given): void {
    const { fields, scope } = toFields(given)
    this.conversation(scope).setRemote(fields)
  }

  /** The first value that is not empty of what the units of a conversation have published. */
  getRemote<T = null>(key: string, fallback: T = null as T, scope?: string): string | T {
    return this.conversation(scope).getRemote(key, fallback)
  }

  /** Keep JSON values as long as a conversation lasts. */
  setLocal(data: Fields, scope?: string): void
  setLocal(key: string, value: unknown, scope?: string): void
  setLocal(...given: Given): void {
    const { fields, scope } = toFields(given)
    this.conversation(scope).setLocal(fields)
  }

  /** A value that was kept. */
  getLocal(key: string, fallback: unknown = null, scope?: string): unknown {
    return this.conversation(scope).getLocal(key, fallback)
  }

  /** A method that the class has itself stays. */
  #addAccessor(field: string): void {
    const name = camelCase(field)
    if (name in RelationBase.prototype) {
      throw new ReactiveError(`the accessor's name is already taken: ${field}`)
    }
    if (name in this) return
    Object.defineProperty(this, name, {
      value: () => this.getRemote(field),
      configurable: true,
      writable: true,
    })
  }
}

/** Fields and a scope, or a key, its value and a scope. */
type Given = [first: Fields | string, second?: unknown, third?: string]

function toFields([first, second, third]: Given): { fields: Fields; scope: string | undefined } {
  if (typeof first === 'string') return { fields: { [first]: second }, scope: third }
  return { fields: first, scope: second === undefined ? undefined : String(second) }
}

/** The fields of a class and of those that it extends. */
function accessorFields(relationClass: typeof RelationBase): string[] {
  const fields = new Set<string>()
  for (let found = relationClass; found !== RelationBase; found = Object.getPrototypeOf(found)) {
    if (!Object.hasOwn(found, 'autoAccessors')) continue
    for (const field of found.autoAccessors) fields.add(field)
  }
  return [...fields]
}
