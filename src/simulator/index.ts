// The simulated unit for tests in TypeScript.

export { ConsistencyError, findInconsistencies, type Inconsistency, RULES } from './consistency.ts'
export type {
  ActionOutcome,
  EventResult,
  HookToolCall,
  LogEntry,
  SimulatedEvent,
  StatusChange,
} from './events.ts'
export type { Moment, ToolFailure } from './faults.ts'
export type { HandlerRun } from './handler-runs.ts'
export type { Isolation, IsolationChoice } from './isolation.ts'
export type { GivenState, JujuState, Relation } from './juju-state.ts'
export type { CommandCall } from './machine-commands.ts'
export { readJujuState } from './read-state.ts'
export { type Simulation, type SimulationOptions, simulate, simulateFrom } from './simulate.ts'
export { SimulatedUnit, type SimulatedUnitOptions, simulateUnit } from './unit.ts'
export { writeJujuState } from './write-state.ts'
