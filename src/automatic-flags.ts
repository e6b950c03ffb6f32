// The flags that the engine sets from what Juju says (documentation 2.2, 2.3.3, 2.8.3). Handler files are
// registered before, so triggers see these changes from the very first hook on. Each group of flags has a
// function for the start of a hook and may have one for its end: a further group is one more row.

import { readConfigOptions } from './charm-files.ts'
import { clearFlag, flagNameFault, getFlags, toggleFlag } from './flags.ts'
import { configGet } from './hook-tools.ts'
import { pythonJson } from './python-json.ts'
import type { Session } from './session.ts'

interface FlagGroup {
  atStart(session: Session): void | Promise<void>
  atEnd?(session: Session): void
}

const GROUPS: FlagGroup[] = [
  { atStart: setConfigFlags, atEnd: clearConfigFlags },
  { atStart: setSeriesUpgrade },
]

/** Set the automatic flags of this hook. Not in a restricted hook, where no tool answers. */
export async function startAutomaticFlags(session: Session): Promise<void> {
  for (const group of GROUPS) await group.atStart(session)
}

/** Clear the flags that live for one hook, and remember what the next one compares with. */
export function endAutomaticFlags(session: Session): void {
  for (const group of GROUPS) group.atEnd?.(session)
}

const LAST_CONFIG = 'config:last'

async function setConfigFlags(session: Session): Promise<void> {
  const config = await configGet(session.context)
  session.config = config
  const options = readConfigOptions(session.context.charmDir)
  session.configOptions = new Set(options.keys())
  const last = session.state.get(LAST_CONFIG) as Record<string, unknown> | undefined
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
  if (session.config === undefined) return
  session.state.set(LAST_CONFIG, { ...session.config })
  for (const flag of getFlags(session)) {
    const name = /^config\.(?:changed|set|default)\.(.*)$/.exec(flag)?.[1]
    const ours =
      name !== undefined && (Object.hasOwn(session.config, name) || session.configOptions.has(name))
    if (ours || flag === 'config.changed') clearFlag(session, flag)
  }
}

function setSeriesUpgrade(session: Session): void {
  const { hookName } = session.context
  if (hookName === 'pre-series-upgrade') toggleFlag(session, 'upgrade.series.in-progress', true)
  if (hookName === 'post-series-upgrade') toggleFlag(session, 'upgrade.series.in-progress', false)
}

function same(a: unknown = null, b: unknown = null): boolean {
  return pythonJson(a) === pythonJson(b)
}
