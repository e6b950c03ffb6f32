// Why a bash file that ran to register its handlers did not, in one line: from what it said over the channel, from
// bash's own words on stderr, and from its text.

import path from 'node:path'
import { oneLine, ReactiveError } from '../../errors.ts'
import { textOrNothing } from '../../system/regular-files.ts'
import type { Session } from '../../unit/session.ts'
import { foreign, mentionsLibrary } from './file-text.ts'
import { type BashProcess, place, relativeFile } from './process.ts'

/** A file that could not be sourced is an error also where errexit is off. bash says on stderr which. */
export function missingSource(session: Session, { sourced, stderr }: BashProcess): ReactiveError | undefined {
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

/** Why a file did not get as far as to source the library, where that is an error and bash's own words do not say it. */
export function whyNotLoaded(
  session: Session,
  process: BashProcess,
  text: string,
): ReactiveError | undefined {
  const {
    file: { path: file },
    loaded,
    stderr,
  } = process
  if (loaded || stderr === '') return undefined
  const refused = refusedBy(stderr)
  if (refused !== undefined && mentionsLibrary(text)) {
    return new ReactiveError(refused.replaceAll(`${session.context.charmDir}/`, ''))
  }
  const errors = errorsIn(session, stderr)
  const missing = errors.find(({ reason }) => /charms\.reactive\.sh(\\x0d)?: /.test(reason))
  if (missing !== undefined) {
    return (
      carriageReturn(session, missing.file) ??
      new ReactiveError(`the file cannot be sourced: ${place(missing)}: ${missing.reason}`)
    )
  }
  if (errors.some(({ reason }) => reason.startsWith('@'))) return foreign(file, text)
  return undefined
}

/** What the library has said before it ended the process. */
function refusedBy(stderr: string): string | undefined {
  return /^charms\.reactive: (.*)$/m.exec(stderr)?.[1]
}

/** What bash has said of errors, each with its place. */
function errorsIn(session: Session, stderr: string): { file: string; line: number; reason: string }[] {
  return [...stderr.matchAll(/^([^\n]*?): line (\d+): ([^\n]*)/gm)].map(
    ([, file = '', line, reason = '']) => ({
      file: relativeFile(session, file),
      line: Number(line),
      reason: oneLine(reason),
    }),
  )
}

/** Line ends of Windows are a part of words for bash, which says all sorts of things about them. */
function carriageReturn(session: Session, file: string): ReactiveError | undefined {
  const lines = textOrNothing(path.join(session.context.charmDir, file), 'latin1').split('\n')
  const index = lines.findIndex((line) => line.endsWith('\r'))
  return index === -1
    ? undefined
    : new ReactiveError(`the line ends with a carriage return, as in Windows files: ${file}:${index + 1}`)
}

/** Why a file did not reach reactive_handler_main. bash says the line of a syntax error only on stderr. */
export function abortion(
  session: Session,
  status: number,
  { file: { path: file }, ended, stderr }: BashProcess,
): ReactiveError {
  const errors = errorsIn(session, stderr)
  // A syntax error is followed by its line of source.
  const said = errors.findLast(({ reason }) => reason.includes('syntax error')) ?? errors.at(-1)
  if (ended?.status === 0 || (status === 0 && said === undefined)) {
    const where = place({ file, line: ended?.line ?? said?.line ?? 1 })
    return new ReactiveError(`the file ends without reactive_handler_main: ${where}`)
  }
  const where = ended?.line === undefined ? `${file}:${said?.line ?? 1}` : place(ended)
  const what = said?.reason || ended?.command || refusedBy(stderr) || `status ${status}`
  return (
    carriageReturn(session, said?.file ?? file) ??
    new ReactiveError(
      `the file does not register, it ended with status ${status} at ${where}: ${oneLine(what)}`,
    )
  )
}
