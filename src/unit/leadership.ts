// Leadership: whether this unit leads, the settings that the leader shares, and the flags that follow them.
// Juju is asked once for each, also when it fails: a hook sees one answer.

import { HookToolError, oneLine, ReactiveError, UsageError } from '../errors.ts'
import * as hookTools from '../juju/hook-tools.ts'
import { flagNameFault, setFlag, toggleFlag } from './flags.ts'
import { toRecord } from './records.ts'
import type { LeaderSettings, Session } from './session.ts'

/** Whether this unit leads, from the one is-leader of the hook. */
export function isLeader(session: Session): Promise<boolean> {
  session.leadership.leader ??= hookTools.isLeader(session.context)
  return session.leadership.leader
}

/** All settings with what `leaderSet` changed, from the one leader-get of the hook. */
export function leaderSettings(session: Session): Promise<LeaderSettings> {
  session.leadership.settings ??= hookTools.leaderGet(session.context).then((settings) => ({ ...settings }))
  return session.leadership.settings
}

/** A setting, null where there is none; without a key all of them. */
export async function leaderGet(session: Session, key?: string): Promise<unknown> {
  const settings = await leaderSettings(session)
  if (key !== undefined) return Object.hasOwn(settings, key) ? settings[key] : null
  return toRecord(Object.entries(settings).filter(([, value]) => value !== null))
}

/**
 * Share settings with all units, at once: Juju does not roll them back. An empty value takes a setting
 * away. The flags move at once as well, as those of the leadership layer do.
 */
export async function leaderSet(session: Session, changes: Readonly<Record<string, string>>): Promise<void> {
  const names = Object.keys(changes)
  for (const name of names) {
    if (name === '' || name.includes('=')) throw new UsageError(`not the name of a setting: ${name}`)
  }
  if (names.length === 0) return
  const settings = await leaderSettings(session)
  await writeSettings(session, changes)
  for (const [name, text] of Object.entries(changes)) {
    const value = text === '' ? null : text
    const isChanged = value !== (Object.hasOwn(settings, name) ? settings[name] : null)
    // `__proto__` is a name like any other.
    Object.defineProperty(settings, name, { value, writable: true, enumerable: true, configurable: true })
    if (isChanged) setFlag(session, 'leadership.changed')
    if (!hasFlags(name)) continue
    if (isChanged) setFlag(session, `leadership.changed.${name}`)
    toggleFlag(session, `leadership.set.${name}`, value !== null)
  }
}

/** Whether the name of a setting makes legal flags. */
export function hasFlags(name: string): boolean {
  return flagNameFault(`leadership.changed.${name}`) === undefined
}

/** The values may be secrets: an error names only the settings. */
async function writeSettings(session: Session, changes: Readonly<Record<string, string>>): Promise<void> {
  try {
    await hookTools.leaderSet(session.context, changes)
  } catch (error) {
    if (!(error instanceof HookToolError)) throw error
    const reason = oneLine(error.stderr.replace(/^ERROR /, ''))
    throw new ReactiveError(
      `leader settings could not be written: ${Object.keys(changes).join(', ')}: ${reason}`,
    )
  }
}
