// Who may read and change which secret, and what of it is seen in the hook that changes it.

import { applicationOf } from '../../unit/names.ts'
import { editSecrets, type HookContext, secretsOf } from '../hook-context.ts'
import { findRelation } from '../juju-state.ts'
import { findSecret, latestRevision, type Secret } from '../secrets.ts'
import { decodeValue, encodedKey, type SecretContent } from './secret-content.ts'
import { ToolError } from './tool-errors.ts'

export const NOT_LEADER = 'this unit is not the leader'

export function notFound(name: string): ToolError {
  return new ToolError(`secret ${JSON.stringify(name)} not found`)
}

/** Those that this unit may manage; what belongs to the application is the leader's. */
export function ownSecrets(context: HookContext): Secret[] {
  const { leader } = context.state
  return secretsOf(context).filter(({ owner }) => owner === 'unit' || (owner === 'application' && leader))
}

/** The secret to change; undefined when Juju will refuse it at the end of the hook. */
export function ownSecret(context: HookContext, id: string): Secret | undefined {
  const secret = editSecrets(context).find((candidate) => candidate.id === id)
  if (secret?.owner === 'application' && !context.state.leader) throw new ToolError(NOT_LEADER)
  if (secret?.owner === 'application' || secret?.owner === 'unit') return secret
  context.pending.refusal ??=
    secret === undefined ? `secret ${JSON.stringify(id)} not found` : 'permission denied'
  return undefined
}

export function isSameContent(one: SecretContent, other: SecretContent = {}): boolean {
  const text = (content: SecretContent) => JSON.stringify(Object.entries(content).sort())
  return text(one) === text(other)
}

interface Reading {
  id?: string | undefined
  label?: string | undefined
  peek?: string | undefined
  refresh?: string | undefined
}

export function readSecret(context: HookContext, { id, label = '', peek, refresh }: Reading): SecretContent {
  const name = id ?? label
  const seen = findSecret(secretsOf(context), name) ?? findSecret(context.state.secrets, name)
  if (seen === undefined)
    throw id === undefined
      ? new ToolError(`consumer label ${JSON.stringify(name)} not found`)
      : notFound(name)
  const known = context.state.secrets.find((secret) => secret.id === seen.id)
  const both = known === undefined || known === seen ? [seen] : [known, seen]
  if (id !== undefined && label !== '') for (const secret of both) secret.label = label
  // Juju does not have it yet: the hook that makes a secret reads what it has made.
  if (known === undefined || peek) return contentOf(seen, latestRevision(seen))
  const isTracked = !refresh && known.tracked > 0
  const revision = isTracked ? known.tracked : latestRevision(refresh ? seen : known)
  // A revision of this hook is followed only when Juju takes the changes.
  for (const secret of both) if (secret.revisions[revision] !== undefined) secret.tracked = revision
  return contentOf(seen.revisions[revision] === undefined ? known : seen, revision)
}

function contentOf({ id, revisions }: Secret, revision: number): SecretContent {
  const content = revisions[revision]
  if (content === undefined)
    throw new ToolError(`secret revision ${JSON.stringify(`${id}/${revision}`)} not found`)
  return content
}

export function plainKey(key: string): string {
  return key.replace(/#base64$/, '')
}

export function contentValue(content: SecretContent, key: string): string {
  const plain = plainKey(key)
  if (!Object.hasOwn(content, plain) && !Object.hasOwn(content, encodedKey(plain)))
    throw new ToolError(`secret key value ${JSON.stringify(plain)} not found`)
  return decodeValue(content, plain, key !== plain)
}

export function grant(secret: Secret, to: string, relation: string): void {
  const existing = secret.grants.filter((one) => one.relation === relation)
  const isThere = existing.some((one) => one.to === to || one.to === applicationOf(to))
  if (isThere) return
  if (existing.some((one) => applicationOf(one.to) === to)) {
    throw new ToolError(
      'any unit level grants need to be revoked before granting access to the corresponding application',
    )
  }
  secret.grants.push({ to, relation })
}

export function infoOf({ state }: HookContext, secret: Secret): Record<string, unknown> {
  const { label, owner, description, rotate, expire, grants } = secret
  const access = grants.map(({ to, relation }) => {
    const found = findRelation(state, relation)
    const ends = `${applicationOf(state.unit)}.${found?.endpoint}#${found?.remoteApp}.${found?.endpoint}`
    const target = to.includes('/') ? `unit-${to.replace('/', '-')}` : `application-${to}`
    return { target, scope: `relation-${ends}`, role: 'view' }
  })
  return {
    revision: latestRevision(secret),
    label,
    owner,
    ...(description && { description }),
    ...(rotate && { rotation: rotate }),
    ...(expire && { expiry: expire }),
    ...(access.length > 0 && { access }),
  }
}
