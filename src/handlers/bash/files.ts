// Bash files that source the library. A file runs once per dispatch to register: it reports its decorated
// functions, and from then on the engine tests their conditions itself. How the functions run:
// bash-functions.ts.

import fs from 'node:fs'
import path from 'node:path'
import type { Session } from '../../unit/session.ts'
import type { HandlerSource } from '../handlers.ts'
import { foreign, mentionsLibrary, sourcesOwnCopy, sourcesSomething } from './file-text.ts'
import { BashFunctions } from './functions.ts'
import { type BashProcess, place } from './process.ts'
import type { BashProcesses } from './processes.ts'
import { abortion, missingSource, whyNotLoaded } from './registration-errors.ts'

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
  const text = fs.readFileSync(path.join(session.context.charmDir, file), 'latin1')
  // What sources nothing is foreign, and is asked no more often than the protocol says.
  if (!sourcesSomething(text)) {
    await turn
    return foreign(file, text)
  }
  const process = await processes.startToRegister({ path: file, text })
  processes.waitFor(turn, process)
  const { status, signal } = await process.settled()
  await turn
  const error = process.fault ?? missingSource(session, process) ?? whyNotLoaded(session, process, text)
  if (error !== undefined) throw error
  process.printHeld()
  if (process.entries !== undefined)
    return new BashFunctions(session, process.file, processes, process.entries)
  if (!process.loaded && (!mentionsLibrary(text) || sourcesOwnCopy(text))) return undefined
  if (process.ended !== undefined && /^exit\b/.test(process.ended.command)) {
    session.log.debug(`${file} does not apply here: ${process.ended.command} at ${place(process.ended)}`)
    return { handlers: [] }
  }
  if (signal === null && status !== 0 && mayHaveExited(text, process)) {
    session.log.warning(`${file} does not apply here: it ended with status ${status}`)
    return { handlers: [] }
  }
  throw abortion(session, status, process)
}

/**
 * Whether an explicit exit is the likely end where nobody told of it, above the line that sources the
 * library or behind an EXIT trap of the file's own: bash has said of no error.
 */
function mayHaveExited(text: string, { ended, loaded, stderr }: BashProcess): boolean {
  if (ended !== undefined || /: line \d+: |^charms\.reactive: /m.test(stderr)) return false
  return loaded || /\bexit\b.*charms\.reactive\.sh/s.test(text)
}
