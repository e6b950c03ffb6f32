// The commands of the machine that install packages: real ones, found on Juju's PATH.

import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { oneLine, ReactiveError } from '../../errors.ts'
import { dropEarlyProcess } from '../../handlers/python/early-process.ts'
import type { Context } from '../../juju/context.ts'
import type { Session } from '../../unit/session.ts'

const TRIES = 3
/** apt-get waits for the lock itself and pip asks again by itself: this is for what needs a moment more. */
const PAUSE_MS = 1000

/** There is no terminal, and nobody to answer. */
const NONINTERACTIVE = {
  DEBIAN_FRONTEND: 'noninteractive',
  APT_LISTCHANGES_FRONTEND: 'none',
  PIP_NO_INPUT: '1',
  PIP_DISABLE_PIP_VERSION_CHECK: '1',
  PIP_ROOT_USER_ACTION: 'ignore',
}

/** Run a command once; a failure is an error. */
export async function runInstaller(
  session: Session,
  command: string,
  args: readonly string[],
): Promise<void> {
  const failure = await attempt(session.context, command, args)
  if (failure !== undefined) throw failure
}

/** Run a command up to three times, with something in between that may help. */
export async function runPersistently(
  session: Session,
  command: string,
  args: readonly string[],
  between?: () => Promise<unknown>,
): Promise<void> {
  for (let tries = 1; ; tries++) {
    const failure = await attempt(session.context, command, args)
    if (failure === undefined) return
    if (tries === TRIES || failure.status === 127) throw failure
    session.log.warning(`${failure.message}; trying again`)
    await between?.()
    await setTimeout(PAUSE_MS)
  }
}

/** Run a command once, whatever comes of it. */
export async function attempt(
  context: Context,
  command: string,
  args: readonly string[],
): Promise<InstallerError | undefined> {
  dropEarlyProcess(context)
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'charms.reactive-'))
  const errors = fs.openSync(path.join(dir, 'stderr'), 'w+', 0o600)
  try {
    const { execa } = await import('execa')
    // What they say is no warning by itself, so all of it goes to stdout. Not a pipe: a service that a package
    // has started may keep it open.
    const result = await execa(command, args, {
      ...optionsFor(context),
      stdout: 'inherit',
      stderr: fs.createWriteStream('', { fd: errors, autoClose: false }),
      reject: false,
    })
    const text = fs.readFileSync(path.join(dir, 'stderr'), 'utf8')
    process.stdout.write(text)
    if (!result.failed) return undefined
    const status = result.exitCode ?? (result.signal ? 128 + os.constants.signals[result.signal] : 127)
    return new InstallerError([command, ...args], status, lastLine(text) || (result.originalMessage ?? ''))
  } finally {
    fs.closeSync(errors)
    fs.rmSync(dir, { recursive: true, force: true })
  }
}

/** What a command prints, whatever its status; nothing when it does not exist. */
export async function outputOf(context: Context, command: string, args: readonly string[]): Promise<string> {
  const { execa } = await import('execa')
  const { stdout } = await execa(command, args, { ...optionsFor(context), stderr: 'ignore', reject: false })
  return stdout ?? ''
}

function optionsFor({ charmDir, env }: Context) {
  const complete = { LANG: 'C.UTF-8', ...env, ...NONINTERACTIVE }
  return { cwd: charmDir, env: complete, extendEnv: false, stdin: 'ignore' } as const
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? ''
}

/** A package could not be installed: the command, its status, and the last that it said. */
class InstallerError extends ReactiveError {
  override name = 'InstallerError'
  readonly status: number

  constructor(words: readonly string[], status: number, said: string) {
    super(`${words.join(' ')} failed with status ${status}${said === '' ? '' : `: ${oneLine(said)}`}`)
    this.status = status
  }
}
