// Child processes of a dispatch: their environment, and how they ended.

import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { hasPython } from '../charm/python-code.ts'
import { venvBin } from '../charm/venv.ts'
import { messageOf, ReactiveError } from '../errors.ts'
import type { Context } from '../juju/context.ts'
import { standInDir } from '../juju/juju-version.ts'
import type { Pipe } from '../system/pipes.ts'
import { isForeignBinary } from './executable-format.ts'

/** How a process ended: its exit status, 128 + n after signal n. */
export interface Ending {
  status: number
  signal: NodeJS.Signals | null
}

/**
 * The environment of handlers: the toolkit's own executables first on PATH, so that another charm's are
 * never picked up, then what stands in for tools that this Juju lacks, the charm's virtual environment, what Juju gave,
 * and the charm's `bin`.
 */
export function handlerEnvironment(context: Context, channel: string): Record<string, string> {
  const { env, charmDir, hookName } = context
  const join = (...parts: (string | undefined)[]) => parts.filter(Boolean).join(':')
  return {
    ...env,
    CHARM_DIR: charmDir,
    JUJU_CHARM_DIR: charmDir,
    JUJU_HOOK_NAME: hookName,
    PATH: join(
      context.shellDir,
      standInDir(context),
      venvBin(charmDir),
      env.PATH,
      path.join(charmDir, 'bin'),
    ),
    PYTHONPATH: join(pythonDir(context), env.PYTHONPATH, path.join(charmDir, 'lib')),
    ...changedEnvironment.get(context),
    CHARMS_REACTIVE_CHANNEL: channel,
    CHARMS_REACTIVE_SHELL: context.shellDir,
  }
}

/** The toolkit's package for Python, for charms that have any. */
function pythonDir(context: Context): string | undefined {
  const known = pythonDirs.get(context)
  if (known !== undefined) return known || undefined
  const found = hasPython(context.charmDir) ? path.join(context.shellDir, '../python') : ''
  pythonDirs.set(context, found)
  return found || undefined
}

const pythonDirs = new WeakMap<Context, string>()

/** Variables that code of the charm has changed in this dispatch; undefined is one that it took away. */
const changedEnvironment = new WeakMap<Context, Record<string, string | undefined>>()

/** Let what is started from now on have other variables; null takes one away. */
export function changeEnvironment(context: Context, changes: Readonly<Record<string, string | null>>): void {
  const changed = { ...changedEnvironment.get(context) }
  for (const [name, value] of Object.entries(changes)) changed[name] = value ?? undefined
  changedEnvironment.set(context, changed)
}

/**
 * Start an executable of the charm. A file that the system cannot execute is a BrokenHandler error. The pipes are
 * sealed once it has them.
 */
export async function startExecutable(
  context: Context,
  file: string,
  args: readonly string[],
  options: SpawnOptions,
  pipes: readonly Pipe[] = [],
): Promise<ChildProcess> {
  try {
    return await spawned(context, file, args, options)
  } finally {
    for (const pipe of pipes) pipe.seal()
  }
}

async function spawned(
  context: Context,
  file: string,
  args: readonly string[],
  options: SpawnOptions,
): Promise<ChildProcess> {
  const absolute = path.join(context.charmDir, file)
  if (isForeignBinary(absolute)) throw brokenHandler(file, new Error('it is a binary for another system'))
  return new Promise((resolve, reject) => {
    try {
      const child = spawn(absolute, args, { cwd: context.charmDir, ...options })
      child.once('spawn', () => resolve(child))
      child.once('error', (error) => reject(brokenHandler(file, whyBroken(absolute) ?? error)))
    } catch (error) {
      // Some of what the system says is thrown, too many bytes of words for instance.
      reject(brokenHandler(file, error))
    }
  })
}

/** The system takes a carriage return for a part of the interpreter's name, and says only that there is none. */
function whyBroken(file: string): Error | undefined {
  const [first = ''] = fs.readFileSync(file, 'latin1').split('\n', 1)
  if (!first.endsWith('\r')) return undefined
  return new Error('its first line ends with a carriage return, as in Windows files')
}

function brokenHandler(file: string, cause: unknown): ReactiveError {
  const rule = 'BrokenHandler: the file is marked as executable, but the system cannot execute it'
  return new ReactiveError(`${rule}: ${file}: ${messageOf(cause)}`, { cause })
}

/** Wait for the end of the process itself; descendants that hold its pipes are not waited for. */
export function endOf(child: ChildProcess): Promise<Ending> {
  return new Promise((resolve) => {
    const done = (code: number | null, signal: NodeJS.Signals | null) =>
      resolve({ status: signal === null ? (code ?? 0) : 128 + os.constants.signals[signal], signal })
    if (child.exitCode !== null || child.signalCode !== null) done(child.exitCode, child.signalCode)
    else child.once('exit', done)
  })
}

/** Wait for what a process has printed that ended. Descendants that hold its pipes are not waited for long. */
export async function endOfOutput(...pipes: readonly Pipe[]): Promise<void> {
  const all = Promise.all(pipes.map(({ ended }) => ended))
  await Promise.race([all, setTimeout(200, undefined, { ref: false })])
}
