// The flags of leadership (documentation 2.2). Where one of the two tools fails, its flags stay as they are.

import { lastSettings } from '../../endpoints/leader-settings.ts'
import { hasFlags, leaderSettings } from '../../endpoints/leadership.ts'
import { messageOf } from '../../errors.ts'
import { clearFlag, toggleFlag } from '../../unit/flags.ts'
import { isLeader } from '../../unit/is-leader.ts'
import { KEY } from '../../unit/keys.ts'
import type { LeaderSettings, Session } from '../../unit/session.ts'
import type { FlagGroup } from './flag-group.ts'

export const LEADERSHIP_FLAGS: FlagGroup = {
  askEarly: leaderSettings,
  ask: (session) => Promise.allSettled([isLeader(session), leaderSettings(session)]),
  async atStart(session) {
    await orWarn(session, isLeader(session), (leads) => toggleFlag(session, 'leadership.is_leader', leads))
    await orWarn(session, leaderSettings(session), (settings) => setSettingFlags(session, settings))
  },
  async atEnd(session) {
    await leaderSettings(session).then(
      (settings) => clearSettingFlags(session, settings),
      () => undefined,
    )
  },
}

async function orWarn<T>(session: Session, asked: Promise<T>, use: (value: T) => void): Promise<void> {
  const answer = await asked.then(
    (value) => ({ value }),
    (error: unknown) => session.log.warning(`leadership flags stay as they are: ${messageOf(error)}`),
  )
  if (answer !== undefined) use(answer.value)
}

function setSettingFlags(session: Session, settings: LeaderSettings): void {
  const last = lastSettings(session)
  const names = [...new Set([...Object.keys(last), ...Object.keys(settings)])]
  const isChanged = (name: string) => settingIn(last, name) !== settingIn(settings, name)
  toggleFlag(session, 'leadership.changed', names.some(isChanged))
  for (const name of names.filter(hasFlags)) {
    toggleFlag(session, `leadership.changed.${name}`, isChanged(name))
    toggleFlag(session, `leadership.set.${name}`, settingIn(settings, name) !== null)
  }
}

/** The comparison base moves only when the hook succeeds: this runs before the commit. */
function clearSettingFlags(session: Session, settings: LeaderSettings): void {
  const names = new Set([...Object.keys(lastSettings(session)), ...Object.keys(settings)])
  for (const name of [...names].filter(hasFlags)) clearFlag(session, `leadership.changed.${name}`)
  clearFlag(session, 'leadership.changed')
  const present = Object.entries(settings).filter(([, value]) => value !== null)
  session.state.set(KEY.lastLeaderSettings, Object.fromEntries(present))
}

function settingIn(settings: LeaderSettings, name: string): unknown {
  return Object.hasOwn(settings, name) ? (settings[name] ?? null) : null
}
