// Executables in any language that follow the ExternalHandler protocol (documentation 2.8.4):
// `FILE --test` exits 0 to be invoked, and its one line of output goes to `FILE --invoke LINE`.

import { isUtf8 } from 'node:buffer'
import { HandlerError, oneLine, ReactiveError } from '../errors.ts'
import { writeAll } from '../system/write-all.ts'
import type { Session } from '../unit/session.ts'
import { endOf, endOfOutput, handlerEnvironment, startExecutable } from './children.ts'
import type { HandlerOutput } from './handler-output.ts'
import { type Handler, type HandlerSource, type Verdict, WatchedFiles } from './handlers.ts'

/** What a foreign executable needs from the dispatch around it. */
export interface ExternalHost {
  readonly channelPath: string
  readonly output: HandlerOutput
  /** Who answers `when_file_changed` while the executable is tested or runs. */
  watchedFiles: WatchedFiles | undefined
}

/** The one handler that an executable file is. */
export function externalFile(file: string, host: ExternalHost): HandlerSource {
  const watched = new WatchedFiles(file)
  let line = ''
  const handler: Handler = {
    id: file,
    file,
    line: undefined,
    // It cannot say that it is made for a restricted hook, so it is not asked there.
    phases: new Set(['hooks', 'other']),
    flags: 'any',
    actions: [],
    async test(session): Promise<Verdict> {
      host.watchedFiles = watched
      const { status, output } = await ask(session, file, host)
      host.watchedFiles = undefined
      line = output
      return { matches: status === 0, answers: [{ condition: '--test', holds: status === 0 }] }
    },
    async run(session) {
      const child = await startExecutable(session.context, file, ['--invoke', line], {
        env: handlerEnvironment(session.context, host.channelPath),
        stdio: ['ignore', ...host.output.targets],
      })
      const { status, signal } = await endOf(child)
      const command = `${file} --invoke ${line}`.trim()
      if (status !== 0) {
        throw new HandlerError(
          { handler: file, file, command, status },
          signal === null ? '' : `killed by ${signal}`,
        )
      }
      watched.record(session)
    },
  }
  return { handlers: [handler] }
}

/** Run `FILE --test`. A signal, 126 and 127 are errors, not a "no"; 2 to 125 are a "no" with a warning. */
async function ask(
  session: Session,
  file: string,
  host: ExternalHost,
): Promise<{ status: number; output: string }> {
  const chunks: Buffer[] = []
  let said = ''
  const { pipes } = host.output
  const stdout = pipes.open((chunk) => void chunks.push(chunk))
  // What comes on stderr goes on at once.
  const stderr = pipes.open((chunk) => {
    writeAll(2, chunk)
    said = `${said}${chunk}`.slice(-LAST_WORDS)
  }, 2)
  const child = await startExecutable(
    session.context,
    file,
    ['--test'],
    {
      env: handlerEnvironment(session.context, host.channelPath),
      stdio: ['ignore', stdout.input, stderr.input],
    },
    [stdout, stderr],
  )
  const { status, signal } = await endOf(child)
  await endOfOutput(stdout, stderr)
  stdout.leave()
  const command = `${file} --test`
  if (signal !== null) throw new HandlerError({ handler: file, file, command, status }, `killed by ${signal}`)
  if (status >= 126) throw new HandlerError({ handler: file, file, command, status })
  if (status > 1) session.log.warning(`${command} exited with status ${status}, which counts as no`)
  else if (status === 1 && isTraceback(said)) {
    session.log.warning(
      `${command} exited with status 1 after a traceback, which counts as no: ${reasonIn(said)}`,
    )
  }
  return { status, output: status === 0 ? firstLine(Buffer.concat(chunks), command) : '' }
}

/** How Python, Lua, Ruby and JavaScript say that a program broke, for which they all exit with 1. */
const TRACEBACKS = [
  /^Traceback \(most recent call last\):$/m,
  /^stack traceback:$/m,
  /:\d+:in .*\(\S*(Error|Exception)\)$/m,
  /^ {4}at .*:\d+:\d+\)?$/m,
]

function isTraceback(text: string): boolean {
  return TRACEBACKS.some((traceback) => traceback.test(text))
}

/** The line of a traceback that says why; in most languages it is the last. */
function reasonIn(traceback: string): string {
  const lines = traceback.trim().split('\n')
  return oneLine(lines.findLast((line) => /^\S*(Error|Exception)\b/.test(line)) ?? lines.at(-1) ?? '')
}

/** As much of what an executable says on stderr as is looked at. */
const LAST_WORDS = 8192

/** What `--invoke` gets: words of a process are text. */
function firstLine(output: Buffer, command: string): string {
  const end = output.indexOf('\n')
  const line = end === -1 ? output : output.subarray(0, end)
  if (isUtf8(line) && !line.includes(0)) return line.toString()
  throw new ReactiveError(
    `${command} printed a line that is not text: ${JSON.stringify(line.toString('latin1'))}`,
  )
}
