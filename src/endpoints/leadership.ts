// Leadership: the settings that the leader shares, and the flags that follow them. They are asked for once, also when
// that fails: a hook sees one answer.

import { HookToolError, oneLine, ReactiveError, UsageError } from '../errors.ts'
import { flagNameFault, setFlag, toggleFlag } from '../unit/flags.ts'
import { toRecord } from '../unit/records.ts'
import type { LeaderSettings, Session } from '../unit/session.ts'
import { leaderStore } from './leader-settings.ts'

/** All settings with what `leaderSet` changed, from the one leader-get of the hook. */
export function leaderSettings(session: Session): Promise<LeaderSettings> {
  session.leadership.settings ??= leaderStore(session)
    .read()
    .then((settings) => ({ ...settings }))
  return session.leadership.settings
}

/** A setting, null where there is none; without a key all of them. */
export async function leaderGet(session: Session, key?: string): Promise<unknown> {
  const settings = await leaderSettings(session)
  if (key !== undefined) return Object.hasOwn(settings, key) ? settings[key] : null
  return toRecord(Object.entries(settings).filter(([, value]) => value !== null))
}

/**
 * Share settings with all units. Until Juju 4 it is done at once, and not rolled back; from then on when the hook
 * succeeds. An empty value takes a setting away. The flags move at once, as those of the leadership layer do.
 */
export async function leaderSet(session: Session, changes: Readonly<Record<string, string>>): Promise<void> {
  checkNames(changes)
  if (Object.keys(changes).length === 0) return
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

function checkNames(changes: Readonly<Record<string, string>>): void {
  for (const name of Object.keys(changes)) {
    if (name === '' || name.includes('=')) throw new UsageError(`not the name of a setting: ${name}`)
  }
}

/** What the tool leader-get prints where Juju has none: the settings as they are now, beside what flags tell. */
export async function currentSettings(session: Session): Promise<Record<string, string>> {
  return leaderStore(session).read()
}

/** What the tool leader-set does where Juju has none: flags follow in the next hook, as they did with Juju's own. */
export async function writeSettings(
  session: Session,
  changes: Readonly<Record<string, string>>,
): Promise<void> {
  checkNames(changes)
  if (Object.keys(changes).length === 0) return
  try {
    await leaderStore(session).write(changes)
  } catch (error) {
    if (!(error instanceof ReactiveError)) throw error
    const reason = error instanceof HookToolError ? error.stderr.replace(/^ERROR /, '') : error.message
    // The values may be secrets: an error names only the settings.
    const names = Object.keys(changes).join(', ')
    throw new ReactiveError(`leader settings could not be written: ${names}: ${oneLine(reason)}`)
  }
}
