// The units of a machine, as Juju's agents keep them: AGENTS/unit-APP-N/charm. Which one a command outside of
// a hook is about, if neither the environment nor the working directory says it.

import fs from 'node:fs'
import path from 'node:path'
import { isCharmDir } from '../charm/charm-dir.ts'
import { readMetadata } from '../charm/charm-files.ts'
import { codeOf, ReactiveError, UsageError } from '../errors.ts'
import { NO_CHARM_DIR } from './context.ts'

/** The unit that a caller names, by its name or its charm dir. */
export interface Target {
  unit?: string
  charmDir?: string
}

export interface Unit {
  charmDir: string
  /** `app/0`; empty where the path does not tell. */
  unit: string
}

/**
 * The environment of a command outside of a hook, with the charm dir of the unit that it is about: the one
 * that the caller names, else that of the environment or the working directory, else the machine's only one.
 */
export function findUnit(
  environment: NodeJS.ProcessEnv,
  cwd: string,
  target: Target = {},
): NodeJS.ProcessEnv {
  const isNamed = target.unit !== undefined || target.charmDir !== undefined
  const { CHARM_DIR, JUJU_CHARM_DIR, CHARMS_REACTIVE_AGENTS } = environment
  if (!isNamed && (CHARM_DIR || JUJU_CHARM_DIR || isCharmDir(cwd))) return environment
  const { charmDir, unit } = locateUnit(CHARMS_REACTIVE_AGENTS || '/var/lib/juju/agents', cwd, target)
  // Whatever unit the environment was made for, it is this one now.
  const { JUJU_UNIT_NAME: _, ...rest } = environment
  return { ...rest, CHARM_DIR: charmDir, JUJU_CHARM_DIR: charmDir, ...(unit && { JUJU_UNIT_NAME: unit }) }
}

/** Find the unit that the caller names, or the only principal one. */
export function locateUnit(agents: string, cwd: string, { unit, charmDir }: Target): Unit {
  if (unit !== undefined && charmDir !== undefined)
    throw new UsageError(`--unit and --charm-dir cannot go together: ${unit}, ${charmDir}`)
  if (charmDir !== undefined) return namedByDir(path.resolve(cwd, charmDir))
  return unit === undefined ? onlyPrincipal(agents, cwd) : namedByUnit(agents, unit)
}

function namedByDir(charmDir: string): Unit {
  if (!isCharmDir(charmDir)) throw new UsageError(`not a charm dir, it has no metadata.yaml: ${charmDir}`)
  const isCharm = path.basename(charmDir) === 'charm'
  return { charmDir, unit: (isCharm && unitName(path.basename(path.dirname(charmDir)))) || '' }
}

function namedByUnit(agents: string, unit: string): Unit {
  if (!/^[a-z0-9][a-z0-9-]*\/\d+$/.test(unit)) throw new UsageError(`a unit is written APP/N: ${unit}`)
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
    if (codeOf(error) === 'EACCES')
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
