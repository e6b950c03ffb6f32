// Patterns of hook names: `db-relation-{joined,changed}` and `{provides:mysql}-relation-joined`
// (documentation 2.7, any_hook), alone and combined.

import type { Session } from './session.ts'

/** Names of the endpoints that have the role and interface. */
export type EndpointLookup = (role: string, interfaceName: string) => string[]

const NO_ENDPOINTS: EndpointLookup = () => []

/** Whether the current hook matches one of the patterns. In an action there is no hook. */
export function anyHook(session: Session, patterns: readonly string[]): boolean {
  const { hookName } = session.context
  if (hookName === '') return false
  const { endpoints } = session
  const lookup = endpoints === undefined ? NO_ENDPOINTS : endpoints.lookup.bind(endpoints)
  return patterns.some((pattern) => expandHookPattern(pattern, lookup).includes(hookName))
}

/** All hook names that a pattern stands for. */
export function expandHookPattern(pattern: string, endpoints: EndpointLookup): string[] {
  const group = /\{([^{}]*)\}/.exec(pattern)
  const inner = group?.[1]
  if (group === null || inner === undefined) return [pattern]
  const role = /^([^:]+):(.+)$/.exec(inner)
  const choices = role === null ? inner.split(',') : endpoints(role[1] ?? '', role[2] ?? '')
  const [before, after] = [pattern.slice(0, group.index), pattern.slice(group.index + group[0].length)]
  return choices.flatMap((choice) => expandHookPattern(`${before}${choice}${after}`, endpoints))
}
