// What happens to a unit: the event a test asks for, checked against the state, and what is recorded of it.

import { ReactiveError } from '../errors.ts'
import { findRelation, type JujuState, type Relation, type Status } from './juju-state.ts'

export interface SimulatedEvent {
  /** The hook, `db-relation-changed`; for an action its name. */
  name: string
  /** `db:1`; by default the first relation of the endpoint. */
  relation?: string
  /** By default the first (in `-departed` the last) member; empty when application data changed. */
  remoteUnit?: string
  /** In `-departed`; by default the remote unit. */
  departingUnit?: string
  action?: { name: string; params?: Record<string, unknown> }
  timeoutMs?: number
  /** More variables for the hook, for what this simulation does not know. */
  env?: Record<string, string>
}

export interface LogEntry {
  level: string
  message: string
  source: 'juju-log' | 'stdout' | 'stderr'
}

export interface HookToolCall {
  tool: string
  args: string[]
  status: number
}

export interface StatusChange extends Status {
  scope: 'unit' | 'app'
}

export interface ActionOutcome {
  results: Record<string, unknown>
  logs: string[]
  failed: boolean
  message: string
}

export interface EventResult {
  event: SimulatedEvent
  /** As the shell says it: 128 + n after signal n. */
  exitStatus: number
  signal: NodeJS.Signals | null
  timedOut: boolean
  stdout: string
  stderr: string
  /** In the order of arrival; Juju logs stdout at DEBUG and stderr at WARNING. */
  log: LogEntry[]
  hookToolCalls: HookToolCall[]
  statusHistory: StatusChange[]
  metrics: Record<string, string>
  /** Of an action only. */
  action?: ActionOutcome
  durationMs: number
  /** The charm has no script for it, which is no error (juju.md 2). */
  skipped: boolean
}

/** An event with everything that Juju would know about it. */
export interface Happening {
  kind: 'hook' | 'action'
  name: string
  /** `hooks/install` or `actions/backup`. */
  path: string
  /** Juju allows no hook tool but juju-log (and add-metric) here (juju.md 5). */
  restricted: boolean
  relation?: Relation
  /** `joined` of `db-relation-joined`; empty for other hooks. */
  relationStep: string
  remoteUnit: string
  departingUnit: string
  params: Record<string, unknown>
}

const RESTRICTED_HOOKS = new Set(['collect-metrics', 'meter-status-changed'])

/** Check an event against the state and fill in what it leaves out. */
export function resolveEvent(state: JujuState, event: SimulatedEvent): Happening {
  const { action } = event
  const name = action?.name ?? event.name
  const happening: Happening = {
    kind: action === undefined ? 'hook' : 'action',
    name,
    path: `${action === undefined ? 'hooks' : 'actions'}/${name}`,
    restricted: action === undefined && RESTRICTED_HOOKS.has(name),
    relationStep: '',
    remoteUnit: '',
    departingUnit: '',
    params: action?.params ?? {},
  }
  const [, endpoint, step] = /^(.+)-relation-(created|joined|changed|departed|broken)$/.exec(name) ?? []
  if (action !== undefined || endpoint === undefined || step === undefined) return happening
  const relation = relationOf(state, event, endpoint)
  const remoteUnit = remoteUnitOf(relation, event, step)
  const departingUnit = step === 'departed' ? (event.departingUnit ?? remoteUnit) : ''
  return { ...happening, relation, relationStep: step, remoteUnit, departingUnit }
}

function relationOf(state: JujuState, { name, relation: id }: SimulatedEvent, endpoint: string): Relation {
  const relation =
    id === undefined
      ? state.relations.find((candidate) => candidate.endpoint === endpoint)
      : findRelation(state, id)
  if (relation === undefined) throw new ReactiveError(`${name}: there is no relation: ${id ?? endpoint}`)
  if (relation.endpoint !== endpoint) {
    throw new ReactiveError(`${name}: the relation belongs to another endpoint: ${relation.id}`)
  }
  return relation
}

/** created and broken have no remote unit; all others have one, unless application data changed. */
function remoteUnitOf(relation: Relation, { name, remoteUnit }: SimulatedEvent, step: string): string {
  if (step === 'created' || step === 'broken') return ''
  const members = Object.keys(relation.remoteUnits)
  const unit = remoteUnit ?? (step === 'departed' ? members.at(-1) : members[0])
  if (unit === undefined) throw new ReactiveError(`${name}: the relation has no remote unit: ${relation.id}`)
  const known = members.includes(unit) || step === 'joined' || (unit === '' && step === 'changed')
  if (!known) throw new ReactiveError(`${name}: no unit of relation ${relation.id}: ${unit || '(empty)'}`)
  return unit
}
