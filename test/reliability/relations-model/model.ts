// The whole model: Juju's facts, and the unit on them. A sequence is played on it operation by operation,
// alone (generate.ts) or beside a real unit (replay.ts).

import type { Outcome } from './hook-model.ts'
import type { Hook, Operation } from './operations.ts'
import { UnitModel } from './unit-model.ts'
import { World } from './world.ts'

export class Model {
  readonly world: World
  readonly unit = new UnitModel()

  constructor(jujuVersion: string) {
    this.world = new World(jujuVersion)
  }

  /** Whether the operation is possible now. */
  isPossible(operation: Operation): boolean {
    if (operation.do !== 'hook') return true
    return this.world.isDue(operation.hook)
  }

  /** Let it happen: what a hook must come to, or whether anything else was possible. */
  play(operation: Operation): Outcome | boolean {
    if (operation.do === 'clear') {
      this.unit.clearFlag(operation.flag)
      return true
    }
    if (operation.do !== 'hook') return this.world.happen(operation)
    const outcome = this.unit.run(this.world, operation.hook, operation.plan)
    this.#end(operation.hook, outcome)
    return outcome
  }

  /** A hook that fails is run again; an action is not. */
  #end(hook: Hook, { exitStatus }: Outcome): void {
    if (exitStatus === 0) this.world.succeed(hook)
    else if (hook.name !== 'poke') this.world.failed = hook
  }
}
