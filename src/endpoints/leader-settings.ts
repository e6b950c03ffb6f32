// Where the settings of the leader are. Until Juju 4 Juju keeps them, behind leader-get and leader-set. From then on
// they are in the data of the application on the charm's first peer relation, a key for each, so that a new leader
// takes nothing back that the old one has written meanwhile.
//
// As long as that relation knows no settings, a unit goes by those of its last hook: so a unit that comes from Juju 3
// sees no change, and its leader hands them over, once. What a leader sets before the relation is there is kept in the
// unit state until it is. It is kept there also until the next hook has seen that Juju took it: Juju takes no change of
// a hook during which the unit stopped to lead, and the unit state was written before Juju said so. A word in Juju's own
// store for the unit, which it takes with all other changes of the hook or not at all, tells.

import { randomUUID } from 'node:crypto'
import { ReactiveError } from '../errors.ts'
import * as hookTools from '../juju/hook-tools.ts'
import { hasLeaderSettings } from '../juju/juju-version.ts'
import { isLeader } from '../unit/is-leader.ts'
import { KEY } from '../unit/keys.ts'
import { toRecord } from '../unit/records.ts'
import type { LeaderSettings, LeaderStore, Session } from '../unit/session.ts'
import { endpointsOf } from './endpoints.ts'

type Texts = Record<string, string>

/** The settings of this run, wherever they are. */
export function leaderStore(session: Session): LeaderStore {
  session.leadership.store ??= hasLeaderSettings(session.context)
    ? toolStore(session)
    : new PeerSettings(session)
  return session.leadership.store
}

/** The settings at the end of the last hook that succeeded; at first those of the original's leadership layer. */
export function lastSettings({ state }: Session): LeaderSettings {
  const last = state.get(KEY.lastLeaderSettings) as LeaderSettings | undefined
  return last ?? toRecord([...state.entries(`${KEY.kv}leadership.settings.`)])
}

function toolStore({ context }: Session): LeaderStore {
  return {
    read: () => hookTools.leaderGet(context),
    write: (changes) => hookTools.leaderSet(context, changes),
  }
}

class PeerSettings implements LeaderStore {
  readonly #session: Session
  #current: Promise<Texts> | undefined
  #proof: Promise<string> | undefined

  constructor(session: Session) {
    this.#session = session
  }

  /** As Juju would show them: the leader reads its own changes back. */
  async read(): Promise<Texts> {
    this.#current ??= this.#load()
    return toRecord(Object.entries(await this.#current))
  }

  async write(changes: Readonly<Texts>): Promise<void> {
    if (this.#peer === undefined) throw new ReactiveError(NO_PEER)
    if (!(await isLeader(this.#session))) throw new ReactiveError('this unit is not the leader')
    const current = await this.read()
    await this.#hand(changes, current)
    this.#current = Promise.resolve(applied(current, changes))
  }

  get #peer(): string | undefined {
    return endpointsOf(this.#session).firstPeer
  }

  async #load(): Promise<Texts> {
    const { inDispatch } = this.#session
    const shared = await this.#shared()
    const waiting = await this.#unshared()
    const base = shared?.settings ?? presentTexts(lastSettings(this.#session))
    const current = applied(base, waiting ?? {})
    const isBehind = shared !== undefined && (shared.settings === undefined || waiting !== undefined)
    // Only a hook that ends well may say that it has handed them over.
    if (!isBehind || !inDispatch) return current
    if (await this.#handOver(base, waiting)) return current
    // Those of the last hook are lost with it.
    const lost = Object.keys(waiting ?? {}).map((name) => [name, ''] as const)
    return shared.settings ?? applied(base, toRecord(lost))
  }

  /** What the peer relation has, if it is there; no settings where none were ever written. */
  async #shared(): Promise<{ settings: Texts | undefined } | undefined> {
    const endpoints = endpointsOf(this.#session)
    if (this.#peer === undefined) return undefined
    await endpoints.facts.loadIds([this.#peer])
    const [relation] = endpoints.facts.ids(this.#peer)
    if (relation === undefined) return undefined
    await endpoints.facts.fetch([{ relation, owner: endpoints.facts.own('application') }])
    return { settings: endpoints.facts.leaderSettings(relation) }
  }

  /** What this unit has set, as far as nobody knows that the others have it. */
  async #unshared(): Promise<Texts | undefined> {
    const { state, context } = this.#session
    const proof = state.get(KEY.handedSettings)
    if (proof !== undefined && (await hookTools.stateGet(context))[PROOF] === proof) this.#settle()
    return state.get(KEY.unsharedSettings) as Texts | undefined
  }

  #settle(): void {
    this.#session.state.delete(KEY.unsharedSettings)
    this.#session.state.delete(KEY.handedSettings)
  }

  /** Write what the relation lacks. Gives false where this unit led when it set them, and does not any more. */
  async #handOver(base: Texts, waiting: Texts | undefined): Promise<boolean> {
    const { state, log } = this.#session
    if (await isLeader(this.#session).catch(() => false)) {
      if (waiting !== undefined || Object.keys(base).length > 0) await this.#hand(waiting ?? {}, base)
      return true
    }
    if (waiting === undefined) return true
    const names = Object.keys(waiting).join(', ')
    const reason =
      state.get(KEY.handedSettings) === undefined
        ? 'another unit has led since the charm got a peer relation'
        : 'Juju did not accept them, and another unit leads'
    // Those that came from Juju 3 are handed over by the other unit.
    if (names !== '') log.warning(`leader settings are lost, ${reason}: ${names}`)
    this.#settle()
    return false
  }

  /** To Juju, which holds them back until the hook succeeds; to the unit state where there is no relation yet. */
  async #hand(changes: Readonly<Texts>, current: Texts): Promise<void> {
    const { facts } = endpointsOf(this.#session)
    const [relation] = facts.ids(this.#peer ?? '')
    const { state, context } = this.#session
    if (relation !== undefined) {
      // Where none were ever written, these are the first: all of them.
      const first = facts.leaderSettings(relation) === undefined ? current : {}
      await facts.publishLeaderSettings(relation, { ...first, ...changes })
      const proof = randomUUID()
      // Juju takes all of a hook, or nothing: one word is enough.
      this.#proof ??= hookTools.stateSet(context, { [PROOF]: proof }).then(() => proof)
      state.set(KEY.handedSettings, await this.#proof)
    }
    const waiting = state.get(KEY.unsharedSettings) as Texts | undefined
    state.set(KEY.unsharedSettings, toRecord(Object.entries({ ...waiting, ...changes })))
  }
}

/** The key in Juju's store for the unit. */
const PROOF = 'reactive-leadership'

const NO_PEER =
  'Juju 4 keeps no leader settings, and the charm has no peer relation to keep them in: declare one under peers in metadata.yaml'

/** An empty text takes a setting away. `__proto__` is a name like any other. */
function applied(settings: Texts, changes: Readonly<Texts>): Texts {
  const all = new Map(Object.entries(settings))
  for (const [name, text] of Object.entries(changes)) {
    if (text === '') all.delete(name)
    else all.set(name, text)
  }
  return toRecord(all)
}

function presentTexts(settings: LeaderSettings): Texts {
  const present = Object.entries(settings).filter(([, value]) => value !== null && value !== '')
  return toRecord(present.map(([name, value]) => [name, String(value)] as const))
}
