// A relation of an endpoint, and the remote units on it (documentation 2.7, Endpoint). What Juju knows comes
// from juju-relations.ts, read when it is first needed.

import { applicationOf, compareRelationIds, compareUnitNames, endpointOf } from '../unit/names.ts'
import { toRecord } from '../unit/records.ts'
import { Databag, type JsonView, type RawView, type RelationData } from './databag.ts'
import type { JujuRelations } from './juju-relations.ts'
import { KeyList } from './key-list.ts'

/** One relation of an endpoint: its units, and the data of both sides. */
export class Relation {
  /** `db:1`. */
  readonly relationId: string
  readonly endpointName: string
  readonly #facts: JujuRelations
  #joinedUnits: CombinedUnits | undefined

  constructor(relationId: string, facts: JujuRelations) {
    this.relationId = relationId
    this.endpointName = endpointOf(relationId)
    this.#facts = facts
  }

  /** The remote application, also where the relation has no unit; of a peer relation this application. */
  get applicationName(): string {
    return this.#facts.remoteApplication(this.relationId)
  }

  /** The remote units that are joined, in the order of their numbers. */
  get joinedUnits(): CombinedUnits {
    this.#joinedUnits ??= new CombinedUnits(
      this.#facts
        .members(this.relationId)
        .map((name) => new RelatedUnit(this, name, this.#facts.received(this.relationId, name))),
    )
    return this.#joinedUnits
  }

  /** The old name of `joinedUnits`. */
  get units(): CombinedUnits {
    return this.joinedUnits
  }

  /** What this unit publishes: JSON values, published when the hook succeeds, where they changed. */
  get toPublish(): JsonView {
    return this.#facts.published(this.relationId, 'unit').json
  }

  /** The same as texts, for interfaces that do not use JSON. */
  get toPublishRaw(): RawView {
    return this.#facts.published(this.relationId, 'unit').raw
  }

  /** What this unit's application publishes, if the unit leads: JSON values. */
  get toPublishApp(): JsonView {
    return this.#facts.published(this.relationId, 'application').json
  }

  get toPublishAppRaw(): RawView {
    return this.#facts.published(this.relationId, 'application').raw
  }

  /** What the remote application has published: JSON values. */
  get receivedApp(): JsonView {
    return this.#facts.received(this.relationId, this.applicationName).json
  }

  get receivedAppRaw(): RawView {
    return this.#facts.received(this.relationId, this.applicationName).raw
  }

  toString(): string {
    return this.relationId
  }

  toJSON(): string {
    return this.relationId
  }
}

/** A remote unit of a relation, with what it has published. */
export class RelatedUnit {
  readonly relation: Relation
  /** `mysql/0`. */
  readonly unitName: string
  readonly applicationName: string
  readonly #databag: Databag

  constructor(relation: Relation, unitName: string, databag: Databag) {
    this.relation = relation
    this.unitName = unitName
    this.applicationName = applicationOf(unitName)
    this.#databag = databag
  }

  /** A unit of which the data is known. */
  static withData(relation: Relation, unitName: string, data: RelationData): RelatedUnit {
    return new RelatedUnit(
      relation,
      unitName,
      Databag.received(() => data),
    )
  }

  /** What the unit has published: JSON values. */
  get received(): JsonView {
    return this.#databag.json
  }

  /** The same as texts. */
  get receivedRaw(): RawView {
    return this.#databag.raw
  }

  toString(): string {
    return this.unitName
  }

  toJSON(): string {
    return this.unitName
  }
}

/**
 * Units by relation id and unit name, and the data of all of them as one: where several have a key, the
 * lowest relation id and unit name win.
 */
export class CombinedUnits extends KeyList<RelatedUnit> {
  readonly #databag: Databag

  constructor(units: Iterable<RelatedUnit>) {
    const sorted = [...units].sort(
      (a, b) =>
        compareRelationIds(a.relation.relationId, b.relation.relationId) ||
        compareUnitNames(a.unitName, b.unitName),
    )
    super(sorted, ({ unitName }) => unitName)
    // From the last to the first, so that the first has the last word.
    this.#databag = Databag.received(() =>
      toRecord(sorted.toReversed().flatMap(({ receivedRaw }) => Object.entries(receivedRaw) as Text[])),
    )
  }

  /** The data of all units, merged: JSON values. */
  get received(): JsonView {
    return this.#databag.json
  }

  /** The same as texts. */
  get receivedRaw(): RawView {
    return this.#databag.raw
  }
}

type Text = [key: string, text: string]
