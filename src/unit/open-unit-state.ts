// How a dispatch and the commands open the unit state. The one place where a unit that ran with the Python
// original moves here: a state that was never used starts with what the original left behind.

import fs from 'node:fs'
import path from 'node:path'
import type { Context } from '../juju/context.ts'
import type { Log } from '../juju/log.ts'
import { KEY } from './keys.ts'
import { UnitState } from './unit-state.ts'

/** Whether a dispatch, a command that may change something or one that only reads wants the state. */
export type Purpose = 'dispatch' | 'write' | 'read'

/** Open the unit state for a purpose. Close it when done. */
export async function openUnitState(context: Context, log: Log, purpose: Purpose): Promise<UnitState> {
  const { statePath, unitName, busyTimeout } = context
  const exclusive = purpose === 'write'
  const state = await UnitState.open({ path: statePath, unit: unitName, busyTimeout, exclusive })
  try {
    if (state.notice !== undefined) log.warning(state.notice)
    if (state.isUnused && !state.has(KEY.imported)) await importPythonState(context, state, log, purpose)
    return state
  } catch (error) {
    await state.close()
    throw error
  }
}

/** Nothing is written here: the first commit keeps what was imported, and a failed hook imports again. */
async function importPythonState(
  context: Context,
  state: UnitState,
  log: Log,
  purpose: Purpose,
): Promise<void> {
  const files = {
    state: existing(context.pythonStatePath),
    config: existing(path.join(context.charmDir, '.juju-persistent-config')),
  }
  if (files.state === undefined && files.config === undefined) return
  // What came packed with another unit's state is that unit's as well.
  if (isBesideSetAside(context.statePath)) return
  const { readPythonState } = await import('./python-state.ts')
  const { values, counts, warnings } = await readPythonState(context, files)
  const from = [files.state, files.config].filter((file) => file !== undefined)
  values.set(KEY.imported, { at: new Date().toISOString(), from, counts })
  if ([...values.keys()].some((key) => key.startsWith(KEY.received))) values.set(KEY.moving, true)
  state.seed(KEY.imported, values)
  // A command that only reads imports for itself: the one that keeps it will say so.
  if (purpose === 'read') return
  for (const warning of warnings) log.warning(warning)
  const numbers = Object.entries(counts).map(([kind, count]) => `${kind} ${count}`)
  log.info(`imported the state of the Python original: ${numbers.join(', ')}: ${from.join(', ')}`)
}

function existing(file: string): string | undefined {
  return fs.existsSync(file) ? file : undefined
}

function isBesideSetAside(statePath: string): boolean {
  const prefix = `${path.basename(statePath)}.of-`
  const dir = path.dirname(statePath)
  return fs.existsSync(dir) && fs.readdirSync(dir).some((name) => name.startsWith(prefix))
}
