// Secrets of the simulated Juju: what a secret is, its id as Juju makes and reads it, and who owns it.

import type { RelationData } from './juju-state.ts'

export interface SecretGrant {
  /** `mysql`, or `mysql/0`. */
  to: string
  /** The relation that the grant lives with. */
  relation: string
}

export interface Secret {
  /** Twenty letters and digits, without `secret:`. */
  id: string
  /** As the owner calls it; of a secret of others, as this unit does. */
  label: string
  /** `application`, `unit` (this one), or the name of another application or unit. */
  owner: string
  description: string
  rotate: string
  /** RFC 3339; empty when it does not expire. */
  expire: string
  /** The contents, by revision. */
  revisions: Record<string, RelationData>
  /** The revision that this unit reads until it refreshes; 0 before it has read one. */
  tracked: number
  grants: SecretGrant[]
}

/** What a caller has to say about a secret: its content, or contents; the rest has defaults. */
export type GivenSecret = Partial<Secret> & { content?: RelationData }

/** A whole secret beside the others. */
export function newSecret(others: readonly Secret[], given: GivenSecret): Secret {
  const { content, ...rest } = given
  return {
    id: nextSecretId(others),
    label: '',
    owner: 'application',
    description: '',
    rotate: '',
    expire: '',
    revisions: content === undefined ? {} : { 1: content },
    tracked: 0,
    grants: [],
    ...rest,
  }
}

/** Twenty characters of base 32 as an xid has; Juju refuses others. Counted, so that a test knows them. */
function nextSecretId(others: readonly Secret[]): string {
  const taken = new Set(others.map(({ id }) => id))
  for (let number = others.length; ; number += 1) {
    const id = `s${number.toString(32).padStart(18, '0')}0`
    if (!taken.has(id)) return id
  }
}

/** The id in `secret:ID`, `secret://MODEL/ID` or `ID`; undefined when it is none. */
export function parseSecretId(text: string): string | undefined {
  return /^(?:secret:)?(?:\/\/)?(?:[a-f0-9-]{36}\/)?([0-9a-v]{20})$/.exec(text)?.[1]
}

/** Whether this unit or its application made it. */
export function isOwned({ owner }: Secret): boolean {
  return owner === 'application' || owner === 'unit'
}

export function latestRevision({ revisions }: Secret): number {
  return Math.max(0, ...Object.keys(revisions).map(Number))
}

/** The secret with this id or label. */
export function findSecret(secrets: readonly Secret[], name: string): Secret | undefined {
  const id = parseSecretId(name)
  return (
    secrets.find((secret) => secret.id === id) ?? secrets.find(({ label }) => name !== '' && label === name)
  )
}
