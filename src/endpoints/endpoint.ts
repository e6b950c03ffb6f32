// The base class of interface layers (documentation 2.7, Endpoint), and what the engine gives every endpoint
// that has no class of its own. An instance is made for each endpoint of the charm at the start of a hook.

import { expandEndpointName } from './interface-layers.ts'
import { KeyList } from './key-list.ts'
import { CombinedUnits, type RelatedUnit, type Relation } from './relation.ts'

/** What the engine hands to an endpoint. */
export interface EndpointView {
  relations: readonly Relation[]
  /** Units that have left, with the data that they had. */
  departed: readonly RelatedUnit[]
}

/** An endpoint as handlers see it, and the base class of interface layers of the new style. */
export class Endpoint {
  readonly endpointName: string
  /** The relations of this endpoint, by number; also found by their id. */
  readonly relations: KeyList<Relation>
  /** Units that have left, until the charm takes them out; kept from hook to hook. */
  readonly allDepartedUnits: KeyList<RelatedUnit>
  #allJoinedUnits: CombinedUnits | undefined

  constructor(endpointName: string, { relations, departed }: EndpointView) {
    this.endpointName = endpointName
    this.relations = new KeyList(relations, ({ relationId }) => relationId)
    this.allDepartedUnits = new KeyList(departed, ({ unitName }) => unitName)
  }

  /** Called once in each hook, before the endpoint's automatic flags change. */
  registerTriggers(): void | Promise<void> {}

  /** Called once in each hook, when the endpoint's automatic flags have changed. */
  manageFlags(): void | Promise<void> {}

  /** Whether a remote unit is joined. */
  get isJoined(): boolean {
    return this.relations.some(({ joinedUnits }) => joinedUnits.length > 0)
  }

  /** The units of all relations, by relation id and unit name, and their data merged. */
  get allJoinedUnits(): CombinedUnits {
    this.#allJoinedUnits ??= new CombinedUnits(this.relations.flatMap(({ joinedUnits }) => joinedUnits))
    return this.#allJoinedUnits
  }

  /** The old name of `isJoined`. */
  get joined(): boolean {
    return this.isJoined
  }

  /** The old name of `allJoinedUnits`. */
  get allUnits(): CombinedUnits {
    return this.allJoinedUnits
  }

  /**
   * A flag of this endpoint: `{endpoint_name}` becomes its name; a flag without it gets
   * `endpoint.{endpoint_name}.` in front. Other braces stay as they are.
   */
  expandName(flag: string): string {
    const expanded = expandEndpointName(flag, this.endpointName)
    return expanded === flag ? `endpoint.${this.endpointName}.${flag}` : expanded
  }
}
