// Executables in any language that follow the ExternalHandler protocol (documentation 2.8.4):
// `FILE --test` exits 0 to be invoked, and its one line of output goes to `FILE --invoke LINE`.

import { isUtf8 } from 'node:buffer'
import type { ChildProcess } from 'node:child_process'
import { setTimeout } from 'node:timers/promises'
import { HandlerError, ReactiveError } from '../errors.ts'
import type { Session } from '../unit/session.ts'
import { endOf, handlerEnvironment, startExecutable } from './children.ts'
import { type Handler, type HandlerSource, type Verdict, WatchedFiles } from './handlers.ts'

/** What a foreign executable needs from the dispatch around it. */
export interface ExternalHost {
  readonly channelPath: string
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
        stdio: ['ignore', 'inherit', 'inherit'],
      })
      const { status, signal } = await endOf(child)
      const command = `${file} --invoke ${line}`.trim()
      if (status !== 0) {
        throw new HandlerError(
          { handler: file, file, command, status },
          signal === null ? '' : `died by ${signal}`,
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
  const child = await startExecutable(session.context, file, ['--test'], {
    env: handlerEnvironment(session.context, host.channelPath),
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const output = await collect(child)
  const { status, signal } = await endOf(child)
  const command = `${file} --test`
  if (signal !== null) throw new HandlerError({ handler: file, file, command, status }, `died by ${signal}`)
  if (status >= 126) throw new HandlerError({ handler: file, file, command, status })
  if (status > 1) session.log.warning(`${command} exited with status ${status}, taken as a no`)
  return { status, output: status === 0 ? firstLine(output, command) : '' }
}

/** All that comes until the pipe closes; a descendant that keeps it open is cut off soon after the end. */
async function collect(child: ChildProcess): Promise<Buffer> {
  const chunks: Buffer[] = []
  child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk))
  const closed = new Promise((resolve) => child.once('close', resolve))
  await endOf(child)
  await Promise.race([closed, setTimeout(200, undefined, { ref: false })])
  child.stdout?.destroy()
  return Buffer.concat(chunks)
}

/** What `--invoke` gets: words of a process are text. */
function firstLine(output: Buffer, command: string): string {
  const end = output.indexOf('\n')
  const line = end === -1 ? output : output.subarray(0, end)
  if (isUtf8(line) && !line.includes(0)) return line.toString()
  throw new ReactiveError(
    `${command} printed a line that is no text: ${JSON.stringify(line.toString('latin1'))}`,
  )
}
