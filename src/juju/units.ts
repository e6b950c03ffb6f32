// The units of a machine, as Juju's agents keep them: AGENTS/unit-APP-N/charm. Which one a command outside of
// a hook is about, if neither the environment nor the working directory says it.

import fs from 'node:fs'
import path from 'node:path'
import { readMetadata } from '../charm/charm-files.ts'
import { ReactiveError, UsageError } from '../errors.ts'
import { isCharmDir, NO_CHARM_DIR, type Target } from './context.ts'

export interface Unit {
  charmDir: string
  /** `app/0`; empty where the path does not tell. */
  unit: string
}

/** Find the unit that the caller names, or the only principal one. */
export function locateUnit(agents: string, cwd: string, { unit, charmDir }: Target): Unit {
  if (unit !== undefined && charmDir !== undefined)
    throw new UsageError(`either --unit or --charm-dir: ${unit}, ${charmDir}`)
  if (charmDir !== undefined) return namedByDir(path.resolve(cwd, charmDir))
  return unit === undefined ? onlyPrincipal(agents, cwd) : namedByUnit(agents, unit)
}

function namedByDir(charmDir: string): Unit {
  if (!isCharmDir(charmDir))
    throw new UsageError(`no charm there, it would have a metadata.yaml: ${charmDir}`)
  const isCharm = path.basename(charmDir) === 'charm'
  return { charmDir, unit: (isCharm && unitName(path.basename(path.dirname(charmDir)))) || '' }
}

function namedByUnit(agents: string, unit: string): Unit {
  if (!/^[a-z0-9][a-z0-9-]*\/\d+$/.test(unit)) throw new UsageError(`a unit is APP/N: ${unit}`)
  const charmDir = path.join(agents, `unit-${unit.replace('/', '-')}`, 'charm')
  if (!isCharmDir(charmDir)) throw new UsageError(`the unit is not on this machine: ${unit}: ${charmDir}`)
  return { charmDir, unit }
}

function onlyPrincipal(agents: string, cwd: string): Unit {
  const units = unitsBelow(agents)
  const principals = units.filter(({ charmDir }) => !isSubordinate(charmDir))
  const [only, ...others] = principals
  const names = (found: readonly Unit[]) => found.map(({ unit }) => unit).join(', ')
  const rule = 'name one with --unit APP/N'
  if (others.length > 0) throw new UsageError(`there are several units, ${rule}: ${names(principals)}`)
  if (only !== undefined) return only
  if (units.length > 0) throw new UsageError(`there are only subordinate units, ${rule}: ${names(units)}`)
  throw new UsageError(`${NO_CHARM_DIR}: ${cwd}`)
}

/** The units that have a charm, by name and number. */
function unitsBelow(agents: string): Unit[] {
  let names: string[]
  try {
    names = fs.readdirSync(agents)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EACCES')
      throw new ReactiveError(
        `the units of this machine cannot be listed, run this as root (sudo): ${agents}`,
      )
    return []
  }
  const units = names.map((name) => ({
    unit: unitName(name) ?? '',
    charmDir: path.join(agents, name, 'charm'),
  }))
  const collator = new Intl.Collator('en', { numeric: true })
  return units
    .filter(({ unit, charmDir }) => unit !== '' && isCharmDir(charmDir))
    .sort((a, b) => collator.compare(a.unit, b.unit))
}

/** `unit-my-app-0` is `my-app/0`. */
function unitName(directory: string): string | undefined {
  const [, app, number] = /^unit-(.+)-(\d+)$/.exec(directory) ?? []
  return app === undefined ? undefined : `${app}/${number}`
}

/** A charm that cannot be read may be the one that is meant: better a question than the wrong unit. */
function isSubordinate(charmDir: string): boolean {
  try {
    return readMetadata(charmDir).subordinate
  } catch {
    return false
  }
}
