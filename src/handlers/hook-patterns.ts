// Patterns of hook names: `db-relation-{joined,changed}` and `{provides:mysql}-relation-joined`
// (documentation 2.7, any_hook), alone and combined.

import { endpointsOf } from '../endpoints/endpoints.ts'
import { UsageError } from '../errors.ts'
import { hasLeaderSettings } from '../juju/juju-version.ts'
import { isFlagSet } from '../unit/flags.ts'
import type { Session } from '../unit/session.ts'

/** Names of the endpoints that have the role and interface. */
export type EndpointLookup = (role: string, interfaceName: string) => string[]

/** No charm has so many endpoints; `{a,b}` forty times would never end. */
const MOST_STEPS = 2000

/** Whether the current hook matches one of the patterns. In an action there is no hook. */
export function anyHook(session: Session, patterns: readonly string[]): boolean {
  const { hookName } = session.context
  if (hookName === '') return false
  const names = tellsSettings(session) ? [hookName, 'leader-settings-changed'] : [hookName]
  const lookup: EndpointLookup = (...words) => endpointsOf(session).lookup(...words)
  return patterns.some((pattern) => expandHookPattern(pattern, lookup).some((name) => names.includes(name)))
}

/** Juju 4 has no leader-settings-changed: that of the peer relation which holds the settings is in its place. */
function tellsSettings(session: Session): boolean {
  const { context } = session
  if (hasLeaderSettings(context) || context.relation.step !== 'changed') return false
  const isOfPeer = context.relation.endpoint === endpointsOf(session).firstPeer
  return isOfPeer && isFlagSet(session, 'leadership.changed') && !isFlagSet(session, 'leadership.is_leader')
}

/** All hook names that a pattern stands for. */
export function expandHookPattern(pattern: string, endpoints: EndpointLookup): string[] {
  const names: string[] = []
  const waiting = [pattern]
  for (let next = waiting.pop(), steps = 0; next !== undefined; next = waiting.pop(), steps++) {
    if (steps > MOST_STEPS)
      throw new UsageError(`the pattern stands for too many hooks: ${pattern.slice(0, 80)}`)
    const group = /\{([^{}]*)\}/.exec(next)
    if (group === null) names.push(next)
    else waiting.push(...expandGroup(next, group, endpoints).reverse())
  }
  return names
}

/** The pattern with each choice of its group. */
function expandGroup(pattern: string, group: RegExpExecArray, endpoints: EndpointLookup): string[] {
  const inner = group[1] ?? ''
  const role = /^([^:]+):(.+)$/.exec(inner)
  const choices = role === null ? inner.split(',') : endpoints(role[1] ?? '', role[2] ?? '')
  const [before, after] = [pattern.slice(0, group.index), pattern.slice(group.index + group[0].length)]
  return choices.map((choice) => `${before}${choice}${after}`)
}
