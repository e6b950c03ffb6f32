// The charm's endpoints in one run: what `metadata.yaml` declares, what Juju knows of their relations, which
// class of an interface layer stands for each, and the objects that handlers get (documentation 2.7).

import type { EndpointDeclaration } from '../charm/charm-files/declarations.ts'
import { readMetadata } from '../charm/charm-files.ts'
import { ofCharmSync, ReactiveError } from '../errors.ts'
import type { Context } from '../juju/context.ts'
import { KEY } from '../unit/keys.ts'
import { byCodePoint } from '../unit/records.ts'
import type { DepartedUnit } from '../unit/relation-records.ts'
import type { Session } from '../unit/session.ts'
import { Endpoint, type EndpointView } from './endpoint.ts'
import { type InterfaceLayer, interfaceOf, wholeRole } from './interface-layers.ts'
import { JujuRelations } from './juju-relations.ts'
import { Conversations } from './old-style/conversations.ts'
import { RelationBase, type RelationView } from './old-style/relation-base.ts'
import { RelatedUnit, Relation } from './relation.ts'
import { sessionEndpoints } from './session-endpoints.ts'

/** A method of an interface layer in another language. */
export type MethodOfFile = (args: readonly string[]) => Promise<MethodAnswer>

/** What a method said: yes or no, and a JSON value. */
export interface MethodAnswer {
  answer?: boolean
  value: unknown
}

/** What handlers and `relation_call` get for an endpoint. */
export type AnyEndpoint = Endpoint | RelationBase

type EndpointClass = new (endpointName: string, view: EndpointView) => Endpoint

type RelationClass = (new (endpointName: string, view: RelationView) => RelationBase) & { scope: string }

/** A class of an interface layer, of the new style or the old. */
export type AnyEndpointClass = EndpointClass | RelationClass

/** A member of classes that stand for one in another language: calls a method of that one. */
export const CALL_METHOD = Symbol('call a method')

export class CharmEndpoints {
  readonly facts: JujuRelations
  /** Departed units that were taken out in this run: a handler may still ask for the data of one. */
  readonly cleared: RelatedUnit[] = []
  readonly #declared: readonly EndpointDeclaration[]
  readonly #classes = new Map<string, AnyEndpointClass>()
  readonly #methods = new Map<string, MethodOfFile>()
  readonly #endpoints = new Map<string, Endpoint>()
  #conversations: Conversations | undefined
  #asked: Promise<void> | undefined
  #loaded: Promise<void> | undefined

  constructor(context: Context, declared: readonly EndpointDeclaration[]) {
    this.#declared = declared
    const peers = declared.filter(({ role }) => role === 'peers')
    this.facts = new JujuRelations(
      context,
      peers.map(({ name }) => name),
    )
  }

  /** The names of all endpoints, in code point order. */
  get names(): string[] {
    return this.#declared.map(({ name }) => name).sort(byCodePoint)
  }

  /** The peer relation that metadata.yaml declares first. */
  get firstPeer(): string | undefined {
    return this.#declared.find(({ role }) => role === 'peers')?.name
  }

  /** Role and interface of an endpoint; undefined where the charm declares none of this name. */
  declaration(name: string): InterfaceLayer | undefined {
    const found = this.#declared.find((endpoint) => endpoint.name === name)
    return found && { role: found.role, interface: found.interface }
  }

  /** Whether an interface layer stands for the endpoint, in whatever language. */
  isImplemented(name: string): boolean {
    return this.#classes.has(name) || [...this.#methods.keys()].some((key) => key.startsWith(`${name} `))
  }

  /** The endpoints of a role and interface, in code point order. */
  lookup(role: string, interfaceName: string): string[] {
    const layer = { role: wholeRole(role), interface: interfaceName }
    return this.#declared
      .filter((endpoint) => endpoint.role === layer.role && endpoint.interface === layer.interface)
      .map(({ name }) => name)
      .sort(byCodePoint)
  }

  /** Let a class stand for an endpoint, also where something has asked for the endpoint before. */
  implement(name: string, endpointClass: AnyEndpointClass): void {
    const known = this.#classes.get(name)
    if (known !== undefined && known !== endpointClass) {
      throw new ReactiveError(`the endpoint ${name} has two classes: ${known.name}, ${endpointClass.name}`)
    }
    this.#classes.set(name, endpointClass)
    const made = this.#endpoints.get(name)
    if (made !== undefined) this.#make(name, [...made.relations], [...made.allDepartedUnits])
  }

  /** Let a function of a file answer for a method of an endpoint. */
  addMethod(name: string, method: string, call: MethodOfFile): void {
    this.#methods.set(`${name} ${method}`, call)
  }

  methodOfFile(name: string, method: string): MethodOfFile | undefined {
    return this.#methods.get(`${name} ${method}`)
  }

  /** Ask Juju for the relations, once: `load` fails where a tool did. */
  ask(): Promise<void> {
    this.#asked ??= this.facts.load(this.names)
    return this.#asked
  }

  /** Ask Juju for the relations, and make the endpoints. */
  load(session: Session): Promise<void> {
    this.#loaded ??= this.#load(session)
    return this.#loaded
  }

  async #load(session: Session): Promise<void> {
    const { state } = session
    await this.ask()
    this.#conversations = new Conversations(session, this.facts)
    for (const name of this.names) {
      const relations = this.facts.ids(name).map((id) => new Relation(id, this.facts))
      const kept = (state.get(KEY.departed + name) ?? []) as DepartedUnit[]
      const departed = kept.map((unit) => this.#departedUnit(unit, relations))
      this.#make(name, relations, departed)
    }
  }

  #make(name: string, relations: Relation[], departed: RelatedUnit[]): void {
    const given = this.#classes.get(name) ?? Endpoint
    const EndpointOf = isRelationClass(given) ? Endpoint : given
    const make = () => new EndpointOf(name, { relations, departed })
    this.#endpoints.set(name, ofCharmSync(`the endpoint ${name} cannot be created`, make))
  }

  /** What handlers get for the endpoint of this name; undefined where the charm declares none. */
  find(name: string): AnyEndpoint | undefined {
    return this.#find(name, (conversations, scope) => conversations.view(name, scope))
  }

  /** The same for a flag that conversations have set, with those of them that go on. */
  findForConversations(name: string, keys: readonly string[]): AnyEndpoint | undefined {
    return this.#find(name, (conversations, scope) => conversations.viewOf(keys, name, scope))
  }

  #find(
    name: string,
    view: (conversations: Conversations, scope: string) => RelationView,
  ): AnyEndpoint | undefined {
    const found = this.#classes.get(name)
    if (found === undefined || !isRelationClass(found)) return this.endpoint(name)
    const conversations = this.#conversations
    if (conversations === undefined) return undefined
    const make = () => new found(name, view(conversations, found.scope))
    return ofCharmSync(`the endpoint ${name} cannot be created`, make)
  }

  /** At the start of a hook: end the conversations that are over, and let the remote unit join its own. */
  startConversations(): void {
    this.#conversations?.sweep()
    const { endpoint } = this.facts.context.relation
    const found = this.#classes.get(endpoint)
    if (found !== undefined && isRelationClass(found)) this.#conversations?.join(endpoint, found.scope)
  }

  /** At the end of a hook: the unit that has left leaves its conversation. */
  endConversations(): void {
    this.#conversations?.depart()
  }

  /** The remote unit of this hook has left: its data stays readable among the departed units. */
  depart(name: string): void {
    const { id, remoteUnit } = this.facts.context.relation
    const endpoint = this.#endpoints.get(name)
    if (endpoint === undefined || remoteUnit === '') return
    const relation = endpoint.relations.get(id) ?? new Relation(id, this.facts)
    endpoint.allDepartedUnits.push(new RelatedUnit(relation, remoteUnit, this.facts.received(id, remoteUnit)))
    // A relation without units counts no more once they are leaving.
    if (relation.joinedUnits.length === 0) endpoint.relations.remove(id)
  }

  /** The endpoint with its relations, whatever object handlers get for it. */
  endpoint(name: string): Endpoint | undefined {
    return this.#endpoints.get(name)
  }

  /** Keep the departed units that the charm has not taken out. */
  keepDeparted({ state }: Session): void {
    for (const [name, { allDepartedUnits }] of this.#endpoints) {
      if (allDepartedUnits.length > 0) state.set(KEY.departed + name, allDepartedUnits.map(serialize))
      else state.delete(KEY.departed + name)
    }
  }

  /** A relation that is gone is still told by its id. */
  #departedUnit(
    { relation: id, unit_name, data }: DepartedUnit,
    relations: readonly Relation[],
  ): RelatedUnit {
    const relation = relations.find(({ relationId }) => relationId === id) ?? new Relation(id, this.facts)
    return RelatedUnit.withData(relation, unit_name, data)
  }
}

function isRelationClass(endpointClass: AnyEndpointClass): endpointClass is RelationClass {
  return endpointClass.prototype instanceof RelationBase
}

/** The interface layer that a file belongs to, and the endpoints that use it. */
export function layerOfFile(
  session: Session,
  file: string,
): (InterfaceLayer & { endpoints: string[] }) | undefined {
  const layer = interfaceOf(file)
  return layer && { ...layer, endpoints: endpointsOf(session).lookup(layer.role, layer.interface) }
}

/** The charm's endpoints in this run; `metadata.yaml` is read when somebody first asks. */
export function endpointsOf(session: Session): CharmEndpoints {
  const known = sessionEndpoints.get(session)
  if (known !== undefined) return known
  const endpoints = readEndpoints(session.context)
  sessionEndpoints.set(session, endpoints)
  return endpoints
}

/** The endpoints that the charm declares. Throws when there is no metadata. */
export function readEndpoints(context: Context): CharmEndpoints {
  return new CharmEndpoints(context, readMetadata(context.charmDir).endpoints)
}

function serialize({ relation, unitName, receivedRaw }: RelatedUnit): DepartedUnit {
  return {
    relation: relation.relationId,
    unit_name: unitName,
    data: { ...receivedRaw } as Record<string, string>,
  }
}
