// What Juju's agent of one unit does: it looks at what has changed and knows which hook comes next. The order
// is that of Juju's agent: relation-created before leadership, configuration before the other relation hooks.

import { versionAtLeast } from '../../juju/juju-version.ts'
import type { EventResult, SimulatedEvent } from '../events.ts'
import { effectiveConfig } from '../juju-state.ts'
import type { SimulatedUnit } from '../unit.ts'
import type { Databag } from './databag.ts'
import type { Membership, NextHook } from './membership.ts'
import type { ModelRelation } from './model-relation.ts'

export class UnitAgent {
  readonly unit: SimulatedUnit
  /** The hook that failed: nothing comes before it. */
  failed: NextHook | undefined
  /** Its removal was asked for. */
  dying = false
  gone = false
  #memberships: Membership[] = []
  readonly #leaderSettings: Databag
  #installed = false
  #started = false
  #stopped = false
  /** Its charm was told that it leads. */
  #leads = false
  #toldSettings: number | undefined
  #toldConfig: string | undefined

  constructor(unit: SimulatedUnit, leaderSettings: Databag) {
    this.unit = unit
    this.#leaderSettings = leaderSettings
  }

  get name(): string {
    return this.unit.state.unit
  }

  /** No hook tells a unit that it leads no longer. */
  resign(): void {
    this.unit.state.leader = false
    this.#leads = false
  }

  /** Enter the scopes of relations, as soon as the charm is installed. */
  enter(relations: readonly ModelRelation[]): void {
    if (!this.#installed || this.dying || this.failed !== undefined) return
    for (const relation of relations) {
      if (relation.dying || this.#memberships.some((membership) => membership.relation === relation)) continue
      const membership = relation.enter(this.unit.state)
      this.#memberships.push(membership)
      this.unit.state.relations.push(membership.view)
    }
  }

  /** The unit is to be removed: its counterparts see it no longer, and it takes leave of them. */
  die(): void {
    this.dying = true
    this.gone = !this.#installed && this.failed === undefined
    for (const { relation } of this.#memberships) {
      // Peers of Juju 4.0.14 are never told, and see the unit for ever (docs/juju.md 7).
      const staysThere = relation.isPeer && versionAtLeast(this.unit.state.jujuVersion, '4.0.14')
      if (!staysThere) relation.scope.delete(this.name)
    }
    this.#dropUnheard(() => true)
  }

  /** A relation is to be removed: nothing happens if the charm has not heard of it. */
  withdraw(relation: ModelRelation): void {
    this.#dropUnheard((membership) => membership.relation === relation)
  }

  /** The hooks that may come next, of which one is run: several only if they are of different relations. */
  nextHooks(): NextHook[] {
    if (this.failed !== undefined || this.gone) return []
    const steps = this.dying
      ? [this.#leadership, this.#relations, this.#stop, this.#remove]
      : [this.#install, this.#start, this.#created, this.#leadership, this.#config, this.#relations]
    for (const step of steps) {
      const hooks = step.call(this)
      if (hooks.length > 0) return hooks
    }
    return []
  }

  /** Run a hook, and remember whether it failed. */
  async run(hook: NextHook): Promise<EventResult> {
    const before = this.#memberships.map((membership) => membership.ownAppVersion)
    const result = await this.unit.run(hook.event)
    for (const [index, membership] of this.#memberships.entries()) membership.noteWrites(before[index] ?? 0)
    const isFailed = result.exitStatus !== 0 && result.action === undefined
    if (isFailed) this.failed = hook
    else if (this.failed === hook) this.failed = undefined
    if (!isFailed) hook.done()
    return result
  }

  #install(): NextHook[] {
    if (this.#installed) return []
    return hookNamed('install', () => {
      this.#installed = true
    })
  }

  /** Directly after the first config-changed. */
  #start(): NextHook[] {
    if (this.#toldConfig === undefined || this.#started) return []
    return hookNamed('start', () => {
      this.#started = true
    })
  }

  #created(): NextHook[] {
    return this.#memberships.flatMap((membership) => membership.createdHook() ?? [])
  }

  /** A unit that dies leads no longer, though the others do not know it yet. */
  #leadership(): NextHook[] {
    if (this.unit.state.leader && !this.dying) {
      if (this.#leads) return []
      return hookNamed('leader-elected', () => {
        this.#leads = true
      })
    }
    if (versionAtLeast(this.unit.state.jujuVersion, '4.0')) return []
    const { version } = this.#leaderSettings
    if (version === this.#toldSettings) return []
    return hookNamed('leader-settings-changed', () => {
      this.#toldSettings = version
    })
  }

  #config(): NextHook[] {
    const config = JSON.stringify(effectiveConfig(this.unit.state))
    if (config === this.#toldConfig) return []
    return hookNamed('config-changed', () => {
      this.#toldConfig = config
    })
  }

  #relations(): NextHook[] {
    return this.#memberships.flatMap((membership) => membership.nextHook(this.dying) ?? [])
  }

  #stop(): NextHook[] {
    if (!this.#started || this.#stopped) return []
    return hookNamed('stop', () => {
      this.#stopped = true
    })
  }

  #remove(): NextHook[] {
    return hookNamed('remove', () => {
      this.gone = true
    })
  }

  #dropUnheard(isLeaving: (membership: Membership) => boolean): void {
    for (const membership of this.#memberships) {
      // A created hook that has failed will be run again all the same.
      const isHeard = membership.isCreated || this.failed?.event.relation === membership.view.id
      if (!isLeaving(membership) || isHeard) continue
      membership.leave()
      this.unit.state.relations = this.unit.state.relations.filter((view) => view !== membership.view)
    }
    this.#memberships = this.#memberships.filter((membership) => !membership.isLeft)
  }
}

function hookNamed(name: string, done: () => void): NextHook[] {
  const event: SimulatedEvent = { name }
  return [{ event, done }]
}
