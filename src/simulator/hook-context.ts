// One hook or action while it runs: what it may see, what it has said, and the changes that Juju holds back
// until it exits 0 (docs/juju.md 4). The hook tools work on this record alone.

import { toRecord } from '../unit/records.ts'
import type { EventResult, Happening } from './events.ts'
import type { JujuState, Relation, RelationData } from './juju-state.ts'
import { comparePortRanges, isSamePortRange, type PortRange } from './port-ranges.ts'
import type { Secret } from './secrets.ts'

export interface PortChange extends PortRange {
  open: boolean
}

/** Copies of what the hook has changed; the state still holds the old data. */
export interface PendingChanges {
  localUnit: Map<Relation, RelationData>
  localApp: Map<Relation, RelationData>
  charmState?: Record<string, string>
  ports: PortChange[]
  /** Number of instances that are asked for, by name of the storage. */
  storage: Record<string, number>
  secrets?: Secret[]
  /** What Juju finds wrong with the changes, but only when it takes them. */
  refusal?: string
}

export type HookRecord = Required<
  Pick<EventResult, 'log' | 'hookToolCalls' | 'lackingTools' | 'statusHistory' | 'metrics' | 'action'>
> &
  Pick<EventResult, 'reboot' | 'requestedStorage'>

export interface HookContext extends Happening {
  /** What the hook tools must present as JUJU_CONTEXT_ID. */
  readonly id: string
  /** By the clock of the system, and by the steady one. */
  readonly began: { readonly date: Date; readonly clock: number }
  readonly state: JujuState
  readonly pending: PendingChanges
  readonly record: HookRecord
  /** End the hook's processes at once; there from when they run. */
  kill?: () => void
}

/** Begin a hook. */
export function openHook(state: JujuState, happening: Happening, id: string): HookContext {
  return {
    ...happening,
    id,
    began: { date: new Date(), clock: performance.now() },
    state,
    pending: { localUnit: new Map(), localApp: new Map(), ports: [], storage: {} },
    record: {
      log: [],
      hookToolCalls: [],
      lackingTools: [],
      statusHistory: [],
      metrics: {},
      requestedStorage: {},
      action: { results: {}, logs: [], failed: false, message: '' },
    },
  }
}

/** What the hook sees of its own data, its pending changes included. */
export function ownData(
  context: HookContext,
  relation: Relation,
  bag: 'localUnit' | 'localApp',
): RelationData {
  return context.pending[bag].get(relation) ?? relation[bag]
}

/** A copy of the unit's own data that may be changed, published when the hook exits 0. */
export function editOwnData(context: HookContext, relation: Relation, bag: 'localUnit' | 'localApp') {
  const copy = context.pending[bag].get(relation) ?? toRecord(Object.entries(relation[bag]))
  context.pending[bag].set(relation, copy)
  return copy
}

/** What state-get shows: the pending changes are visible to the same hook. */
export function charmStateOf(context: HookContext): Record<string, string> {
  return context.pending.charmState ?? context.state.charmState
}

export function editCharmState(context: HookContext): Record<string, string> {
  context.pending.charmState ??= { ...context.state.charmState }
  return context.pending.charmState
}

/** The secrets as the hook sees them, its pending changes included. */
export function secretsOf(context: HookContext): Secret[] {
  return context.pending.secrets ?? context.state.secrets
}

export function editSecrets(context: HookContext): Secret[] {
  context.pending.secrets ??= structuredClone(context.state.secrets)
  return context.pending.secrets
}

/** The other units in scope; the one that departs is gone in its own hook, all of them in -broken. */
export function membersOf(context: HookContext, relation: Relation): string[] {
  const members = Object.keys(relation.remoteUnits).sort()
  if (relation !== context.relation) return members
  if (context.relationStep === 'broken') return []
  return context.relationStep === 'departed' ? members.filter((unit) => unit !== context.remoteUnit) : members
}

/** The hook exited 0: Juju takes all changes at once, and the relation goes on to its next state. */
export function commitHook(context: HookContext): void {
  const { state, pending } = context
  publish(context, 'localUnit')
  publish(context, 'localApp')
  if (pending.charmState !== undefined) state.charmState = pending.charmState
  if (pending.secrets !== undefined) state.secrets = pending.secrets
  Object.assign(context.record.requestedStorage, pending.storage)
  for (const change of pending.ports) state.ports = changePorts(state.ports, change)
  state.ports.sort(comparePortRanges)
  leaveRelation(context)
  if (context.storageStep === 'detaching') delete state.storage[context.storage]
}

function publish(
  { state, pending, departingUnit, relation }: HookContext,
  bag: 'localUnit' | 'localApp',
): void {
  for (const [changed, data] of pending[bag]) {
    // What a departing unit writes is not published (docs/juju.md 6).
    if (changed === relation && departingUnit === state.unit) continue
    replaceData(changed[bag], data)
  }
}

/** In place: in a model the other side reads the same object. */
function replaceData(old: RelationData, data: RelationData): void {
  for (const key of Object.keys(old)) delete old[key]
  // `__proto__` is a key like any other, which assigning would not make.
  Object.defineProperties(old, Object.getOwnPropertyDescriptors(data))
}

function changePorts(ports: readonly PortRange[], { open, ...range }: PortChange): PortRange[] {
  const isSame = (other: PortRange) => isSamePortRange(other, range)
  // A range that is closed for all endpoints is closed for each of them.
  const others = ports.filter(
    (port) => !(isSame(port) && (port.endpoint === range.endpoint || (!open && range.endpoint === ''))),
  )
  return open ? [...others, range] : others
}

function leaveRelation({ state, relation, relationStep, remoteUnit }: HookContext): void {
  if (relation === undefined) return
  if (relationStep === 'broken') state.relations = state.relations.filter((other) => other !== relation)
  if (relationStep !== 'departed') return
  relation.departedUnits[remoteUnit] = relation.remoteUnits[remoteUnit] ?? {}
  delete relation.remoteUnits[remoteUnit]
}
