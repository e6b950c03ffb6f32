// The configuration of the last hook that succeeded, which the next one compares with. A charm in Python may keep
// values of its own among the options (charmhelpers' `Config`): they stay as long as no option has their name.

import { readConfigOptions } from '../charm/charm-files.ts'
import { KEY } from './keys.ts'
import type { Session } from './session.ts'

type Values = Record<string, unknown>

/** Take the configuration of this hook for the last one. */
export function keepConfig(session: Session, config: Values): void {
  session.state.set(KEY.lastConfig, { ...ownValues(session, lastConfig(session) ?? {}), ...config })
}

/** Keep the charm's own values; those of options are Juju's. */
export function keepInConfig(session: Session, values: Values): void {
  const last = lastConfig(session) ?? {}
  const own = ownValues(session, last)
  const options = Object.entries(last).filter(([name]) => !Object.hasOwn(own, name))
  session.state.set(KEY.lastConfig, { ...Object.fromEntries(options), ...ownValues(session, values) })
}

/** The configuration of the last hook that succeeded. */
export function lastConfig({ state }: Session): Values | undefined {
  return state.get(KEY.lastConfig) as Values | undefined
}

function ownValues({ config = {}, context }: Session, values: Values): Values {
  const options = readConfigOptions(context.charmDir)
  const isOwn = ([name]: [string, unknown]) => !options.has(name) && !Object.hasOwn(config, name)
  return Object.fromEntries(Object.entries(values).filter(isOwn))
}
