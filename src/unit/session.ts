// One run of the engine: the context, the open unit state, the log and, in a dispatch, what it has seen
// so far. Every function of the domain takes it first; nothing lives at module level.

import { recallYaml } from '../charm/charm-files/yaml-memory.ts'
import type { Context } from '../juju/context.ts'
import type { Log } from '../juju/log.ts'
import type { Reply } from '../system/channel.ts'
import { KEY } from './keys.ts'
import type { StatusCandidate } from './status-candidates.ts'
import type { UnitState } from './unit-state.ts'

/** The part of a dispatch that is going on. */
export type Phase = 'start' | 'hooks' | 'other' | 'exit' | 'restricted'

/** Exactly one of `when` and `whenNot`; at least one thing to do. */
export interface Trigger {
  when?: string
  whenNot?: string
  setFlags: string[]
  clearFlags: string[]
  /** JavaScript only, and never kept for a later dispatch. */
  callback?: () => void
}

/** The settings of the leader; null is one that was taken away in this run. */
export type LeaderSettings = Record<string, unknown>

/** Where the settings of the leader are; what it writes it reads back. An empty text takes a setting away. */
export interface LeaderStore {
  read(): Promise<Record<string, string>>
  write(changes: Readonly<Record<string, string>>): Promise<void>
}

/** What Juju says about leadership. */
export interface LeadershipAnswers {
  leader?: Promise<boolean>
  settings?: Promise<LeaderSettings>
  store?: LeaderStore
}

export interface Session {
  readonly context: Context
  readonly state: UnitState
  readonly log: Log
  /** Registered triggers by what they wait for, `+FLAG` or `-FLAG`; those of before the dispatch come first. */
  readonly triggers: Map<string, Trigger[]>
  /** Outside of a dispatch conditions answer as in the other phase. */
  phase: Phase
  /** Counts the flag changes of this run; handlers compare it to know what changed since they ran. */
  changeCount: number
  /** For each flag that changed in this run, the count at its last change. */
  readonly changedAt: Map<string, number>
  /** The count at the last time that a flag was cleared. */
  clearedAt: number
  /** Called with each real change of a flag; `trigger` is what the trigger waited for that made it, `+FLAG` or `-FLAG`. */
  onFlagChange?: (flag: string, set: boolean, trigger?: string) => void
  /** The values of `config-get`, once they are read. */
  config?: Record<string, unknown>
  /** What Juju says about leadership, asked at most once. */
  readonly leadership: LeadershipAnswers
  /** Whether the flags of the configuration belong to this hook or action. */
  hasConfigFlags: boolean
  /** Statuses that handlers have proposed in this hook. */
  readonly statusCandidates: StatusCandidate[]
  /** Names of the options in `config.yaml`, once it is read. */
  configOptions: ReadonlySet<string>
  /** Registers the files of the interface layer behind an endpoint; a dispatch has registered all. */
  registerLayer?: (endpoint: string) => Promise<void>
  /** Outside of a dispatch: answers what handler files ask while they register, as the command line would. */
  answer?: (line: readonly string[]) => Reply | Promise<Reply>
  /** Values that must not stand in a record, of secrets and of variables of templates that failed, with a name for each. */
  readonly concealed: Map<unknown, string>
  readonly inDispatch: boolean
}

/** Start a session on an open unit state. */
export function openSession(context: Context, state: UnitState, log: Log, inDispatch: boolean): Session {
  recallYaml(state, KEY.yaml)
  const session: Session = {
    context,
    state,
    log,
    triggers: new Map(),
    phase: 'other',
    changeCount: 0,
    changedAt: new Map(),
    clearedAt: 0,
    leadership: {},
    hasConfigFlags: true,
    statusCandidates: [],
    configOptions: new Set(),
    concealed: new Map(),
    inDispatch,
  }
  // Outside of a dispatch no handler file runs that would register them again.
  const last = inDispatch ? [] : ((state.get(KEY.lastTriggers) ?? []) as Trigger[])
  const kept = [...state.entries(KEY.trigger)].map(([, trigger]) => trigger as Trigger)
  for (const trigger of [...last, ...kept]) addTrigger(session, trigger)
  return session
}

/** Add a trigger as it is. A charm may have thousands, so they are found by what they wait for. */
export function addTrigger({ triggers }: Pick<Session, 'triggers'>, trigger: Trigger): void {
  const cause = causeOf(trigger)
  const others = triggers.get(cause)
  if (others === undefined) triggers.set(cause, [trigger])
  else others.push(trigger)
}

/** What a trigger waits for. */
export function causeOf({ when, whenNot }: Trigger): string {
  return when === undefined ? `-${whenNot}` : `+${when}`
}
