// Bash files that source the library. A file runs once per dispatch to register: it reports its decorated
// functions, and from then on the engine tests their conditions itself. How the functions run:
// bash-functions.ts.

import fs from 'node:fs'
import path from 'node:path'
import { oneLine, ReactiveError } from '../../errors.ts'
import type { Session } from '../../unit/session.ts'
import { endOf } from '../children.ts'
import type { HandlerSource } from '../handlers.ts'
import { BashFunctions } from './functions.ts'
import { type BashProcess, type BashProcesses, place, relativeFile } from './processes.ts'

/**
 * Run a file to register its handlers. Undefined when it turns out not to source the library: then it is
 * a foreign executable. Whatever keeps it from reaching reactive_handler_main is an error, but for an
 * explicit `exit`, which says that nothing of it applies here. It may run before its turn among the files; what
 * comes of it counts from then on.
 */
export async function registerBashFile(
  session: Session,
  file: string,
  processes: BashProcesses,
  turn: Promise<void>,
): Promise<HandlerSource | undefined> {
  // What sources nothing is foreign, and is asked no more often than the protocol says.
  if (!sourcesSomething(session, file)) return undefined
  const process = await processes.start(file, ['--test'], true)
  processes.waitFor(turn, process)
  const { status, signal } = await endOf(process.child)
  await process.settled
  await turn
  if (process.fault !== undefined) throw process.fault
  const missing = missingSource(session, process)
  if (missing !== undefined) throw missing
  if (process.entries !== undefined) return new BashFunctions(session, file, processes, process.entries)
  if (!process.loaded && !mentionsLibrary(session, file)) return undefined
  if (process.ended !== undefined && /^exit\b/.test(process.ended.command)) {
    session.log.debug(`${file} does not apply here: ${process.ended.command} at ${place(process.ended)}`)
    return { handlers: [] }
  }
  if (signal === null && status !== 0 && mayHaveExited(session, process)) {
    session.log.warning(`${file} does not apply here: it ended with status ${status}`)
    return { handlers: [] }
  }
  throw abortion(file, status, process)
}

function sourcesSomething(session: Session, file: string): boolean {
  const text = fs.readFileSync(path.join(session.context.charmDir, file), 'latin1')
  return /(^|[\s;&|({])(source|\.)\s/m.test(text) || mentionsLibrary(session, file)
}

/**
 * Whether an explicit exit is the likely end where nobody told of it, above the line that sources the
 * library or behind an EXIT trap of the file's own: bash has said of no error.
 */
function mayHaveExited(session: Session, { ended, file, loaded, stderr }: BashProcess): boolean {
  if (ended !== undefined || /: line \d+: |^charms\.reactive: here-strings/m.test(stderr)) return false
  const text = fs.readFileSync(path.join(session.context.charmDir, file), 'latin1')
  return loaded || /\bexit\b.*charms\.reactive\.sh/s.test(text)
}

/** Whether the text of the file names the library: then it is no foreign script, whatever happened. */
export function mentionsLibrary(session: Session, file: string): boolean {
  return fs.readFileSync(path.join(session.context.charmDir, file), 'latin1').includes('charms.reactive.sh')
}

/** A file that could not be sourced is an error also where errexit is off. bash says on stderr which. */
function missingSource(session: Session, { sourced, stderr }: BashProcess): ReactiveError | undefined {
  for (const { file, line, command } of sourced) {
    const prefix = `${file}: line ${line}: `
    const said = stderr.split('\n').find((text) => text.startsWith(prefix))
    if (said === undefined) continue
    const where = `${relativeFile(session, file)}:${line}`
    const reason = oneLine(said.slice(prefix.length))
    return new ReactiveError(`the file cannot be sourced: ${where}: ${command}: ${reason}`)
  }
  return undefined
}

/** Why a file did not reach reactive_handler_main. bash says the line of a syntax error only on stderr. */
function abortion(file: string, status: number, { ended, stderr }: BashProcess): ReactiveError {
  const places = stderr.split('\n').filter((text) => /: line \d+: /.test(text))
  // A syntax error is followed by its line of source.
  const said = places.findLast((text) => text.includes('syntax error')) ?? places.at(-1) ?? ''
  const line = /: line (\d+): /.exec(said)?.[1]
  const reason = said.replace(/^.*?: line \d+: /, '')
  if (ended?.status === 0 || (status === 0 && said === '')) {
    return new ReactiveError(
      `the file ends without reactive_handler_main: ${file}:${ended?.line ?? line ?? 1}`,
    )
  }
  const where = ended?.line === undefined ? `${file}:${line ?? 1}` : place(ended)
  const what = reason || ended?.command || `status ${status}`
  return new ReactiveError(
    `the file does not register, it ended with status ${status} at ${where}: ${oneLine(what)}`,
  )
}
