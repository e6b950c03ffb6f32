// The words of the secret tools.

import { findRelation } from '../juju-state.ts'
import { parseSecretId } from '../secrets.ts'
import type { ToolCall } from './hook-tool.ts'
import { APPLICATION_NAME, UNIT_NAME } from './relation-tools.ts'
import { readContent, readExpiry } from './secret-content.ts'
import { ToolUsageError } from './tool-errors.ts'

const ROTATIONS = ['never', 'hourly', 'daily', 'weekly', 'monthly', 'quarterly', 'yearly']

/** Options of secret-add and secret-set, and the content. */
export function readUpsert({ flags, readFile }: ToolCall, args: readonly string[]) {
  const { expire, rotate, description, label, owner = 'application' } = flags
  const expires = expire ? readExpiry(expire) : undefined
  if (rotate && !ROTATIONS.includes(rotate))
    throw new ToolUsageError(`rotate policy ${JSON.stringify(rotate)} not valid`)
  if (owner !== 'application' && owner !== 'unit')
    throw new ToolUsageError(`secret owner ${JSON.stringify(owner)} not valid`)
  const content = readContent(args, flags.file, readFile)
  const metadata = {
    ...(expires && { expire: expires }),
    ...(rotate && { rotate }),
    ...(description && { description }),
    ...(label && { label }),
  }
  return { content, metadata }
}

export function requiredId(given: string | undefined): string {
  if (given === undefined) throw new ToolUsageError('missing secret URI')
  const id = parseSecretId(given)
  if (id === undefined) throw new ToolUsageError(`secret URI ${JSON.stringify(given)} not valid`)
  return id
}

export function idOrLabel(args: readonly string[], label: string | undefined) {
  const [given, ...rest] = args
  if (given === undefined && !label) throw new ToolUsageError('require either a secret URI or label')
  return { id: given === undefined ? undefined : requiredId(given), rest }
}

export function checkUnit(unit: string | undefined): void {
  if (unit && !UNIT_NAME.test(unit)) throw new ToolUsageError(`unit ${JSON.stringify(unit)} not valid`)
}

export function readRevision(value: string): string {
  if (!/^[0-9]+$/.test(value))
    throw new Error(`strconv.ParseInt: parsing ${JSON.stringify(value)}: invalid syntax`)
  return value
}

export function revoked({ context, flags }: ToolCall): { to: string; relation?: string } {
  const { app, unit } = flags
  if (app && !APPLICATION_NAME.test(app))
    throw new ToolUsageError(`application ${JSON.stringify(app)} not valid`)
  checkUnit(unit)
  if (app && unit) throw new ToolUsageError('specify only one of application or unit')
  const relation = flags.relation ? findRelation(context.state, flags.relation) : context.relation
  if (relation !== undefined && app) throw new ToolUsageError('do not specify both relation and app')
  const to = unit || app || relation?.remoteApp
  if (to === undefined) throw new ToolUsageError('missing relation or application or unit')
  return { to, ...(relation && { relation: relation.id }) }
}
