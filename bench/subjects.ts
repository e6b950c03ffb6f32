// The subjects in the order of the table.

import type { Toolkit } from './charm.ts'
import type { Row } from './row.ts'
import { commandRows } from './subjects/commands.ts'
import { executableRows } from './subjects/executables.ts'
import { flagCallRows } from './subjects/flag-calls.ts'
import { floorRows } from './subjects/floors.ts'
import { hookRows } from './subjects/hooks.ts'
import { pythonRows } from './subjects/python.ts'
import { recordRows } from './subjects/record.ts'
import { registrationRows } from './subjects/registration.ts'
import { relationRows } from './subjects/relations.ts'
import { roundRows } from './subjects/rounds.ts'
import { scaleRows } from './subjects/scale.ts'
import { sixHandlerRows } from './subjects/six-handlers.ts'
import { stateRows } from './subjects/state.ts'
import type { Workspace } from './workspace.ts'

/** What every subject gets. */
export interface Bench {
  readonly workspace: Workspace
  readonly engine: Toolkit
  /** The Python original, where peers are asked for. */
  readonly original: Toolkit | undefined
  /** Canonical's framework for charms of today, where peers are asked for. */
  readonly ops: Toolkit | undefined
}

export function subjects(bench: Bench): Row[] {
  return [
    floorRows,
    flagCallRows,
    executableRows,
    commandRows,
    hookRows,
    sixHandlerRows,
    registrationRows,
    pythonRows,
    scaleRows,
    stateRows,
    recordRows,
    relationRows,
    roundRows,
  ].flatMap((rows) => rows(bench))
}
