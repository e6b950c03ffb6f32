// Every error that a person may meet. `main.ts` prints them as one line,
// `charms.reactive: COMMAND: RULE: VALUE`, and exits with `exitStatus`.
// Anything that is not a ReactiveError is a bug in the toolkit (exit 70).

/** It could not be done (exit 3). The message is one line: the rule, then the offending value. */
export class ReactiveError extends Error {
  readonly exitStatus: number = 3
  override name = 'ReactiveError'
}

/** The words of the caller are wrong (exit 2). Nothing was changed. */
export class UsageError extends ReactiveError {
  override readonly exitStatus: number = 2
  override name = 'UsageError'
}

/** As much of a word, or of what a tool says, as a message shows. */
const LONGEST_WORD = 1000

/** A Juju hook tool failed. */
export class HookToolError extends ReactiveError {
  override name = 'HookToolError'
  readonly tool: string
  readonly args: readonly string[]
  readonly status: number
  readonly stderr: string

  constructor(tool: string, args: readonly string[], status: number, stderr: string, cause?: unknown) {
    super(`${[tool, ...args.map(shown)].join(' ')} failed with status ${status}: ${shown(oneLine(stderr))}`, {
      cause,
    })
    this.tool = tool
    this.args = args
    this.status = status
    this.stderr = stderr
  }
}

/** A hook tool was asked for where Juju is not: outside of a hook or action. */
export class OutsideOfHookError extends HookToolError {
  override name = 'OutsideOfHookError'

  constructor(
    tool: string,
    args: readonly string[],
    { unitName, shellDir }: { unitName: string; shellDir: string },
  ) {
    const program = `${shellDir}/charms.reactive`
    const rule = `this works only in a hook, where Juju answers ${tool}`
    super(tool, args, 127, `${rule}: juju exec --unit ${unitName || 'APP/N'} '${program} …'`)
    this.message = this.stderr
  }
}

/** A word of a message, not longer than a person reads. */
function shown(text: string): string {
  return text.length > LONGEST_WORD ? `${text.slice(0, LONGEST_WORD)}…` : text
}

/** Where a handler failed, as far as it is known. */
export interface HandlerFailure {
  /** Identity of the handler, `reactive/app.sh:configure`. */
  handler: string
  /** File relative to the charm dir. */
  file: string
  line?: number | undefined
  /** The command or statement that failed. */
  command?: string | undefined
  /** Exit status, 128 + n for a signal. */
  status: number
}

/** A handler failed: the hook fails with the handler's own status. */
export class HandlerError extends ReactiveError {
  override name = 'HandlerError'
  override readonly exitStatus: number
  readonly failure: HandlerFailure

  constructor(failure: HandlerFailure, detail = '', cause?: unknown) {
    const place = failure.line === undefined ? failure.file : `${failure.file}:${failure.line}`
    const command = failure.command === undefined ? '' : `: ${oneLine(failure.command)}`
    const more = detail === '' ? '' : `: ${oneLine(detail)}`
    super(`handler ${failure.handler} failed with status ${failure.status} at ${place}${command}${more}`, {
      cause,
    })
    this.failure = failure
    this.exitStatus = failure.status
  }
}

/** Code of the charm has ended the dispatch with success: what has changed counts, no further handler runs. */
export class DispatchEnd extends ReactiveError {
  override name = 'DispatchEnd'

  constructor(handler: string) {
    super(`${handler} ended the dispatch`)
  }
}

/** The charm's own script for a hook or action failed: so does the event, with the script's status. */
export class ScriptError extends ReactiveError {
  override name = 'ScriptError'
  override readonly exitStatus: number

  constructor(script: string, status: number) {
    super(`the charm's own script failed with status ${status}: ${script}`)
    this.exitStatus = status
  }
}

/** A script of `exec.d` failed: the hook fails with its status. */
export class PreInstallError extends ReactiveError {
  override name = 'PreInstallError'
  override readonly exitStatus: number

  constructor(script: string, status: number, detail = '', cause?: unknown) {
    super(`${script} failed with status ${status}${detail === '' ? '' : `: ${oneLine(detail)}`}`, { cause })
    this.exitStatus = status
  }
}

/** The text with line ends and other control characters made visible, so that it stays one line. */
export function oneLine(text: string): string {
  return text
    .trim()
    .replace(/\n/g, '\\n')
    .replace(/[\u0000-\u001f\u007f]/g, (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`)
}

/** As much of a name or value as fits a line. */
export function shorten(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text
}

/** What a command answers that has thrown: one line for an expected error; a bug of the toolkit shows its stack. */
export function refusal(
  line: readonly string[],
  error: unknown,
): { status: number; stdout?: string; stderr: string } {
  if (error instanceof ReactiveError) {
    const command =
      line[0] === undefined || line[0].startsWith('-') ? '' : `${oneLine(line[0]).slice(0, 80)}: `
    return { status: error.exitStatus, stderr: `charms.reactive: ${command}${oneLine(error.message)}\n` }
  }
  const stack = error instanceof Error ? (error.stack ?? messageOf(error)) : String(error)
  return { status: 70, stderr: `charms.reactive: a bug in the toolkit: ${stack}\n` }
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  try {
    return error instanceof Error ? String(error.message) : String(error)
  } catch {
    // An object without a prototype for instance.
    return Object.prototype.toString.call(error)
  }
}

/** The code that the system or a library gives an error, `ENOENT`; empty where it has none. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}

/** Run code of the charm: whatever it throws is an error of the charm, told in one line. */
export async function ofCharm<T>(what: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw errorOfCharm(what, error)
  }
}

/** The same for code that does not wait. */
export function ofCharmSync<T>(what: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw errorOfCharm(what, error)
  }
}

function errorOfCharm(what: string, error: unknown): ReactiveError {
  if (error instanceof ReactiveError) return error
  return new ReactiveError(`${what}: ${messageOf(error)}`, { cause: error })
}
