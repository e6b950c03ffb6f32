// The unit as the documents want it (docs/handlers.md, docs/relations.md, the heads of endpoint-flags.ts and endpoints.ts):
// its flags, what it has seen, the units that have left it. Plain code on the facts of world.ts; it shares
// nothing with the engine.

import { HookModel, type Outcome } from './hook-model.ts'
import type { Act, Hook } from './operations.ts'
import type { World } from './world.ts'

/** What is kept from hook to hook. */
export interface Kept {
  flags: Set<string>
  /** `db:1 mysql/0` (or the application's name) and the fields of the data that was seen, by identity. */
  seen: Map<string, Map<string, string>>
  /** By endpoint. */
  departed: Map<string, Departed[]>
}

export interface Departed {
  relation: string
  unit: string
  data: Map<string, string>
}

export class UnitModel {
  #kept: Kept = { flags: new Set(), seen: new Map(), departed: new Map() }

  get flags(): ReadonlySet<string> {
    return this.#kept.flags
  }

  get departed(): ReadonlyMap<string, readonly Departed[]> {
    return this.#kept.departed
  }

  /** Run a hook. One that fails leaves nothing behind. */
  run(world: World, hook: Hook, plan: readonly Act[]): Outcome {
    const kept = structuredClone(this.#kept)
    const outcome = new HookModel(world, hook, plan, kept).run()
    if (outcome.exitStatus === 0) this.#kept = kept
    return outcome
  }

  clearFlag(flag: string): void {
    this.#kept.flags.delete(flag)
  }
}
