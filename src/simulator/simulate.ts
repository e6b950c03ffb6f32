// One event on a fresh unit, as one call: `simulate(charm, state, event)`. For tests in TypeScript that say
// what holds, what happens, and look at what came of it.

import type { EventResult, SimulatedEvent } from './events.ts'
import type { Isolation } from './isolation.ts'
import type { JujuState } from './juju-state.ts'
import type { GivenState } from './new-juju-state.ts'
import { readJujuState } from './read-state.ts'
import { type SimulatedUnitOptions, simulateUnit } from './unit.ts'
import { filesBelow } from './unit-root.ts'

/** What came of one event, and what is known afterwards. */
export interface Simulation extends EventResult {
  /** What Juju and the toolkit know afterwards; give it to the next call to go on from there. */
  state: JujuState
  /** The files that were written by absolute path, as the charm names them. */
  files: string[]
  /** What of the system was private to the unit. */
  isolation: Isolation
}

/** What a simulation may use of the machine, and what shall fail in it. */
export type SimulationOptions = Omit<SimulatedUnitOptions, 'state'>

/**
 * Let an event happen to a unit of the charm in a directory, of which the state is known. An event that is a
 * word is a hook of that name. Throws a ConsistencyError for what Juju could never do.
 */
export async function simulate(
  charm: string,
  state: GivenState,
  event: SimulatedEvent | string,
  options: SimulationOptions = {},
): Promise<Simulation> {
  const given = typeof event === 'string' ? { name: event } : event
  const unit = await simulateUnit(charm, { ...options, state })
  try {
    const result = await unit.run(given)
    return { ...result, state: unit.state, files: filesBelow(unit.root), isolation: unit.isolation }
  } finally {
    await unit.close()
  }
}

/** The same with a state as a state file has it: plain data in any spelling of its keys. */
export async function simulateFrom(
  charm: string,
  state: unknown,
  event: SimulatedEvent | string,
  options: SimulationOptions = {},
): Promise<Simulation> {
  return simulate(charm, readJujuState(state), event, options)
}
