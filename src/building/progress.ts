// How far a long command is, for a person at a terminal; nothing anywhere else.

/** Less than this needs no word. */
const PATIENCE_MS = 1000

/** Show the share that is done, from 0 to 1, once the command has taken a while. */
export function terminalProgress(
  stream: NodeJS.WriteStream,
  word: string,
): ((done: number) => void) | undefined {
  if (!stream.isTTY) return undefined
  const start = performance.now()
  let shown = -1
  return (done) => {
    const percent = Math.floor(done * 100)
    if (percent === shown || (shown === -1 && performance.now() - start < PATIENCE_MS)) return
    shown = percent
    stream.write(percent === 100 ? '\r\u001b[K' : `\r${word} ${percent} %`)
  }
}
