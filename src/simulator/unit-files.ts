// The directories of a simulated unit: its own copy of the charm, links for the hook tools, and a root for
// what the charm writes. Commands of the machine are in machine-commands.ts.

import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { splitTexts } from '../charm/charm-files/sources.ts'
import { ReactiveError } from '../errors.ts'
import { CARRIED_PLACES } from '../juju/carried.ts'
import { isExecutableFile } from '../system/executables.ts'
import type { UnitPaths } from './environment.ts'
import { hookToolsOf, lackingToolsOf } from './hook-tools/table.ts'

const SYSTEM_PATH = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin']
/** Directories of a unit: Juju's tools, and those of other versions. */
const TOOLS = 'tools'
const LACKING = 'lacking'
/** What building a charm writes. */
const DISPATCH = '#!/bin/sh\nexec charms.reactive main\n'

export interface UnitFiles extends Omit<UnitPaths, 'socket'> {
  dir: string
}

export interface UnitFilesOptions extends ToolLinks {
  unit: string
  toolkit: string
  /** Files of more bytes are not copied. */
  largest?: number | undefined
}

/** Which tools are on PATH. */
export interface ToolLinks {
  jujuVersion: string
  /** Whether tools of other versions of Juju are really not there; else their calls are noted. */
  lacking?: 'fail' | 'absent' | undefined
}

/** Make a fresh private directory with everything in it. */
export function makeUnitFiles(charm: string, options: UnitFilesOptions): UnitFiles {
  const dir = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'charms.reactive-unit-')))
  try {
    const charmDir = path.join(dir, 'agents', `unit-${options.unit.replace('/', '-')}`, 'charm')
    const [root = dir, tools, bin, lacking] = ['root', TOOLS, 'bin', LACKING].map((name) =>
      path.join(dir, name),
    )
    fs.mkdirSync(root)
    copyCharm(charm, charmDir, options.largest)
    linkHookTools(dir, options)
    // Whatever has the name of a tool of another Juju comes before the link that only notes the call.
    const searchPath = [tools, bin, options.toolkit, ...SYSTEM_PATH, lacking].join(':')
    return { dir, charmDir, root, searchPath }
  } catch (error) {
    fs.rmSync(dir, { recursive: true, force: true })
    throw error
  }
}

/** The toolkit's `shell/`: beside `src/` in the sources, beside the bundle's directory when built. */
export function findShellDir(): string {
  for (let dir = import.meta.dirname; dir !== path.dirname(dir); dir = path.dirname(dir)) {
    const shell = path.join(dir, 'shell')
    if (fs.existsSync(path.join(shell, 'simulator', 'hook-tool'))) return shell
  }
  throw new ReactiveError(`shell/simulator/hook-tool not found from: ${import.meta.dirname}`)
}

function copyCharm(from: string, to: string, largest = Number.POSITIVE_INFINITY): void {
  fs.mkdirSync(path.dirname(to), { recursive: true })
  // A unit is simulated by the toolkit of the simulator, not by the one that its charm carries.
  const packages = path.join(from, 'node_modules')
  const left = [...CARRIED_PLACES.map((place) => path.join(from, place)), packages]
  const isSmall = (source: string) =>
    largest === Number.POSITIVE_INFINITY ||
    (fs.lstatSync(source, { throwIfNoEntry: false })?.size ?? 0) <= largest
  const filter = (source: string) =>
    path.basename(source) !== '.git' && !left.includes(source) && isSmall(source)
  fs.cpSync(from, to, { recursive: true, verbatimSymlinks: true, filter })
  // A charm only reads its packages, which may be hundreds of megabytes.
  if (fs.existsSync(packages)) fs.symlinkSync(fs.realpathSync(packages), path.join(to, 'node_modules'))
  // Juju gets a charm packed, and reads no charmcraft.yaml.
  for (const [name, text] of splitTexts(to)) fs.writeFileSync(path.join(to, name), text)
  if (isExecutableFile(path.join(to, 'dispatch')) || hasHooks(path.join(to, 'hooks'))) return
  fs.writeFileSync(path.join(to, 'dispatch'), DISPATCH, { mode: 0o755 })
}

function hasHooks(dir: string): boolean {
  if (!fs.existsSync(dir)) return false
  return fs.readdirSync(dir).some((name) => !fs.statSync(path.join(dir, name)).isDirectory())
}

/** Make the links for the tools that this Juju has, and for those that it lacks, in place of those that are there. */
export function linkHookTools(dir: string, { jujuVersion, lacking = 'fail' }: ToolLinks): void {
  linkTools(path.join(dir, TOOLS), hookToolsOf(jujuVersion))
  linkTools(path.join(dir, LACKING), lacking === 'fail' ? lackingToolsOf(jujuVersion) : [])
}

function linkTools(directory: string, names: readonly string[]): void {
  const shell = findShellDir()
  fs.rmSync(directory, { recursive: true, force: true })
  fs.mkdirSync(directory)
  fs.symlinkSync(shell, path.join(directory, '.shell'))
  for (const name of names)
    fs.symlinkSync(path.join(shell, 'simulator', 'hook-tool'), path.join(directory, name))
}
