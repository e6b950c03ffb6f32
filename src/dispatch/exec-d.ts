// Exec.d support (documentation 2.3.6): `exec.d/NAME/charm-pre-install` of the charm, before everything else,
// each once in the life of the unit. Called by `prepare-unit.ts`.
//
// The original leaves its mark beside the directory, `exec.d/.NAME_charm-pre-install.done`: a unit that moved
// here has it, and what it marks does not run again. A script that fails leaves the unit blocked and the hook
// failed, so that Juju's retry repairs it; the original exits with 0 and is never asked again.

import fs from 'node:fs'
import path from 'node:path'
import { messageOf, PreInstallError } from '../errors.ts'
import { endOf, handlerEnvironment, startExecutable } from '../handlers/children.ts'
import { statusSet } from '../juju/hook-tools.ts'
import { isRegularFile, statOf } from '../system/regular-files.ts'
import { KEY } from '../unit/keys.ts'
import type { Session } from '../unit/session.ts'

const SCRIPT = 'charm-pre-install'

/** Run the scripts that have not run yet, in C order of their names. The first that fails is an error. */
export async function runPreInstalls(session: Session, openChannel: () => string): Promise<void> {
  const { state, log } = session
  const names = findNames(session).filter((name) => !isDone(session, name))
  reportSkipped(
    session,
    names.filter((name) => !isExecutable(session, name)),
  )
  for (const name of names.filter((one) => isExecutable(session, one))) {
    log.info(`Running ${scriptOf(name)}`)
    await runPreInstall(session, name, openChannel())
    state.set(KEY.preInstalled + name, true)
    // A later failure of the hook must not make it run again.
    await state.commit()
  }
}

function scriptOf(name: string): string {
  return path.join('exec.d', name, SCRIPT)
}

/** The directories that have a script. Other files in them are the script's own. */
function findNames({ context: { charmDir } }: Session): string[] {
  const dir = path.join(charmDir, 'exec.d')
  if (statOf(dir)?.isDirectory() !== true) return []
  const names = fs.readdirSync(dir).filter((name) => isRegularFile(path.join(dir, name, SCRIPT)))
  return names.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
}

/** Whether it has run, here or with the original, whose mark is taken over with the hook's commit. */
function isDone({ context, state }: Session, name: string): boolean {
  if (state.has(KEY.preInstalled + name)) return true
  const isMarked = fs.existsSync(path.join(context.charmDir, 'exec.d', `.${name}_${SCRIPT}.done`))
  if (isMarked) state.set(KEY.preInstalled + name, true)
  return isMarked
}

function isExecutable({ context }: Session, name: string): boolean {
  return (fs.statSync(path.join(context.charmDir, scriptOf(name))).mode & 0o111) !== 0
}

/** A warning when there is another one, not at every hook. */
function reportSkipped({ state, log }: Session, names: readonly string[]): void {
  if (names.join('/') === ((state.get(KEY.preInstallsSkipped) as string[] | undefined) ?? []).join('/'))
    return
  for (const name of names) log.warning(`it is not executable, so it does not run: ${scriptOf(name)}`)
  state.set(KEY.preInstallsSkipped, names)
}

async function runPreInstall(session: Session, name: string, channel: string): Promise<void> {
  const script = scriptOf(name)
  try {
    const child = await startExecutable(session.context, script, [], {
      env: handlerEnvironment(session.context, channel),
      stdio: ['ignore', 'inherit', 'inherit'],
    })
    const { status, signal } = await endOf(child)
    if (status !== 0) throw new PreInstallError(script, status, signal === null ? '' : `killed by ${signal}`)
  } catch (error) {
    // The failure of the script is what matters, also where Juju does not take the status.
    await statusSet(session.context, 'blocked', messageOf(error)).catch((fault: unknown) =>
      session.log.warning(messageOf(fault)),
    )
    throw error
  }
}
