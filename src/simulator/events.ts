// What happens to a unit: the event a test asks for, checked against the state, and what is recorded of it.

import type { DispatchRecord } from '../dispatch/trace.ts'
import { ReactiveError } from '../errors.ts'
import { type HookKind, type HookName, parseHookName, RESTRICTED_HOOKS } from '../juju/hook-names.ts'
import { relationOf } from './catch-up.ts'
import type { Moment, ToolFailure } from './faults.ts'
import type { HandlerRun } from './handler-runs.ts'
import type { JujuState, Relation, Status } from './juju-state.ts'
import type { CommandCall } from './machine-commands.ts'
import { findSecret, isOwned, latestRevision, type Secret } from './secrets.ts'

/** A hook or an action, with as much as a test wants to say of it. */
export interface SimulatedEvent {
  /** The hook, `db-relation-changed`; for an action its name. */
  name: string
  /** `db:1`; by default the first relation of the endpoint. */
  relation?: string
  /** By default the first (in `-departed` the last) member; empty when application data changed. */
  remoteUnit?: string
  /** In `-departed`; by default the remote unit. */
  departingUnit?: string
  /** What the remote unit (its application, if that is empty) has published by then, in `-joined` and `-changed`. */
  remoteData?: Record<string, string>
  action?: { name: string; params?: Record<string, unknown> }
  /** `data/0`, in a storage hook; by default the first instance of the storage. */
  storage?: string
  /** Id or label, in a secret hook; by default the first secret that fits. */
  secret?: string
  /** In `secret-expired`, `-remove` and `-rotate`; by default the latest one. */
  secretRevision?: number
  /** In `CONTAINER-pebble-custom-notice`. */
  notice?: { id: string; type: string; key: string }
  /** Name of the check, in `CONTAINER-pebble-check-failed` and `-recovered`. */
  pebbleCheck?: string
  /** In the hooks around a series upgrade: `ubuntu@22.04`, or `jammy` before Juju 3. */
  target?: string
  timeoutMs?: number
  /** Hook tools that fail as the test says; see faults.ts. */
  failTools?: readonly ToolFailure[]
  /** End the hook's processes when this happens, as a crash would. */
  killDuring?: Moment
  /** Why Juju refuses the changes of a hook that has exited 0. */
  failFlush?: string
  /** Whether the event is checked before it is run; as the unit's option says if it is not given. */
  check?: boolean
  /** More variables for the hook, for what this simulation does not know. */
  env?: Record<string, string>
}

/** A line of the unit's log. */
export interface LogEntry {
  level: string
  message: string
  source: 'juju-log' | 'stdout' | 'stderr'
}

/** A call of one of Juju's hook tools. */
export interface HookToolCall {
  tool: string
  args: string[]
  status: number
  /** Whether a handler file made it, or what that has started; else the toolkit, or a script without it. */
  ofHandlers: boolean
  /** When it came, in milliseconds since the event began, and how long it took to answer. */
  at: number
  milliseconds: number
}

/** A status that the charm has set. */
export interface StatusChange extends Status {
  scope: 'unit' | 'app'
}

/** What became of an action. */
export interface ActionOutcome {
  results: Record<string, unknown>
  logs: string[]
  failed: boolean
  message: string
}

/** All that came of an event. */
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
  /** How often it waited for hook tools: calls that were under way together, or beside handlers, count once. */
  hookToolRounds: number
  /** Tools that it has called and that this Juju does not have. */
  lackingTools: string[]
  statusHistory: StatusChange[]
  metrics: Record<string, string>
  /** Number of instances that storage-add asked for, by name of the storage. */
  requestedStorage: Record<string, number>
  /** What juju-reboot asked for: `now` has killed the hook, which Juju runs again after the reboot. */
  reboot?: 'after' | 'now'
  /** Why Juju did not take the changes of a hook that exited 0: the hook has failed all the same. */
  refusal?: string
  /** The handlers that ran, in order, and why. */
  handlers: HandlerRun[]
  /** The dispatch's own record; none where it was killed, or for a charm without the toolkit. */
  trace?: DispatchRecord
  /** The commands of the machine that it called and that are stubbed or refused. */
  commands: CommandCall[]
  /** Of an action only. */
  action?: ActionOutcome
  durationMs: number
  /** The charm has no script for it, which is no error (docs/juju.md 2). */
  skipped: boolean
}

/** An event with everything that Juju would know about it. */
export interface Happening {
  /** As it was given. */
  event: SimulatedEvent
  kind: 'hook' | 'action'
  name: string
  /** `hooks/install` or `actions/backup`. */
  path: string
  /** Juju allows no hook tool but juju-log (and add-metric) here (docs/juju.md 5). */
  restricted: boolean
  relation?: Relation
  /** `joined` of `db-relation-joined`; empty for other hooks. */
  relationStep: string
  remoteUnit: string
  departingUnit: string
  /** `data/0` in a storage hook, else empty. */
  storage: string
  /** `attached` or `detaching`; empty for other hooks. */
  storageStep: string
  secret?: Secret
  secretRevision: number
  /** Name of the container; empty for other hooks. */
  workload: string
  params: Record<string, unknown>
}

/** Check an event against the state and fill in what it leaves out. */
export function resolveEvent(state: JujuState, event: SimulatedEvent): Happening {
  const { action } = event
  const name = action?.name ?? event.name
  const happening: Happening = {
    event,
    kind: action === undefined ? 'hook' : 'action',
    name,
    path: `${action === undefined ? 'hooks' : 'actions'}/${name}`,
    restricted: action === undefined && RESTRICTED_HOOKS.has(name),
    relationStep: '',
    remoteUnit: '',
    departingUnit: '',
    storage: '',
    storageStep: '',
    secretRevision: 0,
    workload: '',
    params: action?.params ?? {},
  }
  if (action !== undefined) return happening
  const hook = parseHookName(name)
  return Object.assign(happening, COMPLETIONS[hook.kind]?.(state, event, hook))
}

const COMPLETIONS: Partial<
  Record<HookKind, (state: JujuState, event: SimulatedEvent, hook: HookName) => Partial<Happening>>
> = {
  relation: ofRelation,
  storage: ({ storage }, { storage: id }, { subject, step }) => {
    const found = id ?? Object.keys(storage).find((key) => key.startsWith(`${subject}/`))
    return { storage: found ?? '', storageStep: step }
  },
  secret: ofSecret,
  pebble: (_, __, { subject }) => ({ workload: subject }),
}

function ofRelation(
  state: JujuState,
  event: SimulatedEvent,
  { subject, step }: HookName,
): Partial<Happening> {
  const relation = relationOf(state, event, subject)
  if (relation === undefined)
    throw new ReactiveError(`${event.name}: there is no relation: ${event.relation ?? subject}`)
  if (relation.endpoint !== subject) {
    throw new ReactiveError(`${event.name}: the relation belongs to another endpoint: ${relation.id}`)
  }
  const remoteUnit = remoteUnitOf(relation, event, step)
  const departingUnit = step === 'departed' ? (event.departingUnit ?? remoteUnit) : ''
  return { relation, relationStep: step, remoteUnit, departingUnit }
}

function ofSecret(
  { secrets }: JujuState,
  { name, secret, secretRevision }: SimulatedEvent,
  { step }: HookName,
): Partial<Happening> {
  // Who reads a secret is told that it has changed, who owns it everything else.
  const found =
    secret === undefined
      ? secrets.find((candidate) => isOwned(candidate) === (step !== 'changed'))
      : findSecret(secrets, secret)
  if (found === undefined)
    throw new ReactiveError(`${name}: there is no such secret: ${secret ?? '(none given)'}`)
  return { secret: found, secretRevision: step === 'changed' ? 0 : (secretRevision ?? latestRevision(found)) }
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
