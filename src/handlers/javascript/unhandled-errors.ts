// What handlers in JavaScript leave without a caller: an error in a timer or in a promise that nobody awaits, a
// promise that never settles, an exit of the process. Each fails the hook, in one line: Node.js would print a
// stack for the first, and end with status 0 for the others although nothing was committed.

import fs from 'node:fs'
import { HandlerError, messageOf, oneLine } from '../../errors.ts'

/** What ran last: a handler, or a file that is imported. */
interface Running {
  handler: string
  file: string
  line: number | undefined
}

/** Watch until the function that comes back is called: then the dispatch is over. */
export function watchStrays(
  running: () => Running,
  lineOf: (error: unknown) => number | undefined,
): () => void {
  const fail = (error: unknown) => {
    const { handler, file, line } = running()
    const place = { handler, file, line: lineOf(error) ?? line }
    tell(new HandlerError({ ...place, status: 1 }, messageOf(error)).message)
    stop()
    process.exit(1)
  }
  const end = () => {
    tell(`the process exited before the hook ended: ${running().handler}`)
    process.exitCode ||= 3
  }
  const stop = () => {
    process.off('uncaughtException', fail)
    process.off('exit', end)
  }
  process.on('uncaughtException', fail)
  process.on('exit', end)
  return stop
}

/** At once: the process ends here. */
function tell(message: string): void {
  fs.writeSync(2, `charms.reactive: main: ${oneLine(message)}\n`)
}
