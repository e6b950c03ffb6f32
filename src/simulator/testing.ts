// `charms.reactive/testing`: charms tested in JavaScript and TypeScript, without Juju. docs/testing.md shows it.
//
//     import { simulate } from 'charms.reactive/testing'
//
//     const { exitStatus, state } = await simulate('.', { config: { port: 8080 } }, 'install')
//
// `simulate` is one event on a fresh unit; a `SimulatedUnit` lives through several events; a `SimulatedModel` has
// applications whose units are related. The test kit for bats stands on the same parts.

/** What Juju could never do is refused with one of these; `RULES` are all reasons by their names. */
export { ConsistencyError, findInconsistencies, type Inconsistency, RULES } from './consistency.ts'
/** An event, and all that came of it. */
export type {
  ActionOutcome,
  EventResult,
  HookToolCall,
  LogEntry,
  SimulatedEvent,
  StatusChange,
} from './events.ts'
/** What a test lets go wrong: hook tools that fail, and the moment at which a unit dies. */
export type { Moment, ToolFailure } from './faults.ts'
/** Events as the command line and the test kit write them: `config-changed motd='a b'`. */
export { type GivenEvent, parseEvent, runUntilFailure } from './given-events.ts'
/** Which handlers ran, and why. */
export type { HandlerRun } from './handler-runs.ts'
/** What of the system is private to a unit. */
export type { Isolation, IsolationChoice } from './isolation.ts'
/** What Juju and the toolkit know of a unit. */
export type { JujuState, Relation } from './juju-state.ts'
/** The calls of commands that are stubbed or refused. */
export type { CommandCall } from './machine-commands.ts'
/** A model: applications, units, relations, and the hooks that follow from what an operator does. */
export {
  type ApplicationOptions,
  type HookResult,
  type ModelOptions,
  type Order,
  type PendingHook,
  type SettleOptions,
  type SimulatedApplication,
  SimulatedModel,
  seededOrder,
  simulateModel,
  titleOf,
} from './model.ts'
export type { GivenState } from './new-juju-state.ts'
/** A state file's content as a state, and back. */
export { readJujuState } from './read-state.ts'
/** One event on a fresh unit. */
export { type Simulation, type SimulationOptions, simulate, simulateFrom } from './simulate.ts'
/** A unit that lives through several events. */
export { SimulatedUnit, type SimulatedUnitOptions, simulateUnit } from './unit.ts'
/** Files that a unit finds, and those that it has written. */
export { filesBelow, placeFile } from './unit-root.ts'
export { writeJujuState } from './write-state.ts'
