// What a test may say about a simulated unit when it makes one.

import type { Vocabulary } from './consistency/vocabulary.ts'
import type { ToolFailure } from './faults.ts'
import type { IsolationChoice } from './isolation.ts'
import type { GivenState } from './new-juju-state.ts'

/** What a unit is made with. */
export interface SimulatedUnitOptions {
  /** What Juju knows already; see juju-state.ts. */
  state?: GivenState
  /** Scripts that stand for commands of the machine, by name. Only the charm's processes see them. */
  commands?: Record<string, string>
  /** Commands of the machine that really run, though they would be refused; see machine-commands.ts. */
  allow?: readonly string[]
  /** Directory on PATH behind hook tools and commands; by default the toolkit's own `shell/`. */
  toolkit?: string
  /** Whether events that Juju would never send are refused (consistency.ts); true by default. */
  check?: boolean
  /** How refusals say what to do; by default in the words of a state file (consistency/vocabulary.ts). */
  words?: Vocabulary
  /** Whether what the charm writes by absolute path stays in the unit (isolation.ts); `auto` by default. */
  isolate?: IsolationChoice
  /** Files of the charm of more bytes are left out; none if not said. */
  largest?: number
  /**
   * What becomes of a call of a hook tool that other versions of Juju have: by default it is `command not found`, and
   * Juju does not take the hook's changes. With `absent` the tool is not on PATH, as in reality.
   */
  lacking?: 'fail' | 'absent'
  /** Hook tools that fail, in every event; see faults.ts. */
  failTools?: readonly ToolFailure[]
  /** How long every call of a hook tool takes at least, without holding up the others. */
  toolDelayMs?: number
}
