// The flags of the configuration (documentation 2.2). If config-get fails, the hook fails.

import { readConfigOptions } from '../../charm/charm-files.ts'
import { configGet } from '../../juju/hook-tools.ts'
import { clearFlag, flagNameFault, getFlags, toggleFlag } from '../../unit/flags.ts'
import { keepConfig, lastConfig } from '../../unit/kept-config.ts'
import { pythonJson } from '../../unit/python-json.ts'
import type { Session } from '../../unit/session.ts'
import type { FlagGroup } from './flag-group.ts'

export const CONFIG_FLAGS: FlagGroup = {
  async ask(session) {
    if (session.hasConfigFlags) session.config ??= await configGet(session.context)
  },
  atStart: setConfigFlags,
  atEnd: clearConfigFlags,
}

function setConfigFlags(session: Session): void {
  if (!session.hasConfigFlags) return
  const { config = {} } = session
  const options = readConfigOptions(session.context.charmDir)
  session.configOptions = new Set(options.keys())
  const last = lastConfig(session)
  const names = new Set([...options.keys(), ...Object.keys(config)])
  // On the very first hook every option counts as changed.
  const changed = new Set([...names].filter((name) => last === undefined || !same(last[name], config[name])))
  toggleFlag(session, 'config.changed', changed.size > 0)
  for (const name of names) {
    // A name that makes no legal flag has none.
    if (flagNameFault(`config.changed.${name}`) !== undefined) continue
    const value = config[name] ?? null
    toggleFlag(session, `config.changed.${name}`, changed.has(name))
    toggleFlag(session, `config.set.${name}`, value !== null && value !== false && value !== '')
    toggleFlag(session, `config.default.${name}`, same(options.get(name)?.default, value))
  }
}

/** The comparison base moves only when the hook succeeds: this runs before the commit. */
function clearConfigFlags(session: Session): void {
  if (session.config === undefined || !session.hasConfigFlags) return
  keepConfig(session, session.config)
  for (const flag of getFlags(session, 'config.')) {
    const name = /^config\.(?:changed|set|default)\.(.*)$/.exec(flag)?.[1]
    const ours =
      name !== undefined && (Object.hasOwn(session.config, name) || session.configOptions.has(name))
    if (ours || flag === 'config.changed') clearFlag(session, flag)
  }
}

function same(a: unknown = null, b: unknown = null): boolean {
  return pythonJson(a) === pythonJson(b)
}
