// How hook tools are run: one process per call, JSON out of it. Always `--format=json`: the smart format
// cannot tell null from the empty string. Options come first; words that could be taken for options stand
// behind `--`.

import { type ExecFileException, execFile, spawnSync } from 'node:child_process'
import os from 'node:os'
import { codeOf, HookToolError, messageOf, OutsideOfHookError } from '../../errors.ts'
import type { Context } from '../context.ts'
import { noteCall, noteEarlyCall } from './calls.ts'
import { earlyAnswer } from './early-answers.ts'

const MAX_OUTPUT = 64 * 1024 * 1024

/** Run a hook tool, if it was not run already, and return its stdout. Throws a HookToolError when it fails. */
export function runHookTool(
  context: Context,
  tool: string,
  args: readonly string[],
  input?: string,
): Promise<string> {
  const early = earlyAnswer(context, tool, args)
  if (early === undefined) return startHookTool(context, tool, args, input)
  noteEarlyCall(context, tool, early.depth)
  return early.answer.then((answer) => {
    if (answer === undefined) return startHookTool(context, tool, args, input)
    if (answer.status === 0) return answer.stdout
    throw new HookToolError(tool, args, answer.status, answer.stderr)
  })
}

function startHookTool(
  context: Context,
  tool: string,
  args: readonly string[],
  input?: string,
): Promise<string> {
  const ended = noteCall(context, tool)
  return new Promise<string>((resolve, reject) => {
    // execFile is several times faster than a library around it, and hook tools are called by the hundred.
    const options = { env: context.env, cwd: context.charmDir, maxBuffer: MAX_OUTPUT }
    const child = execFile(tool, [...args], options, (error, stdout, stderr) => {
      ended()
      if (error === null) return resolve(stdout)
      if (isOutside(context, error)) return reject(new OutsideOfHookError(tool, args, context))
      reject(new HookToolError(tool, args, statusOf(error), stderr || reasonOf(context, error), error))
    })
    // A tool that fails may not have read what it was sent: its status says so.
    child.stdin?.on('error', () => undefined)
    child.stdin?.end(input)
  }).catch((error: unknown) => {
    throw error instanceof HookToolError ? error : notStarted(tool, args, error)
  })
}

/** Whether the tool is not there since this is no hook. */
function isOutside({ env, hookName, actionName }: Context, error: unknown): boolean {
  const isHook = env.JUJU_CONTEXT_ID !== undefined || hookName !== '' || actionName !== ''
  return !isHook && codeOf(error) === 'ENOENT'
}

/** The exit status, 128 + n after signal n, 127 where it did not run. */
function statusOf({ code, signal }: ExecFileException): number {
  if (signal) return 128 + os.constants.signals[signal]
  return typeof code === 'number' ? code : 127
}

function reasonOf({ jujuVersion }: Context, error: ExecFileException): string {
  if (error.signal) return `killed by ${error.signal}`
  const isLacking = codeOf(error) === 'ENOENT' && jujuVersion !== ''
  return isLacking ? `Juju ${jujuVersion} has no such hook tool` : error.message
}

/** Words that no process can get: too many bytes, or NUL. */
function notStarted(tool: string, args: readonly string[], error: unknown): HookToolError {
  return new HookToolError(tool, args, 127, messageOf(error), error)
}

/** The same while the engine waits: for callers that cannot. */
function runHookToolSync(context: Context, tool: string, args: readonly string[]): string {
  const { env, charmDir: cwd } = context
  const ended = noteCall(context, tool)
  const result = spawnTool(tool, args, { env, cwd })
  ended()
  if (result.status === 0) return result.stdout
  const { signal, error } = result
  if (isOutside(context, error)) throw new OutsideOfHookError(tool, args, context)
  const status = signal ? 128 + os.constants.signals[signal] : (result.status ?? 127)
  const reason = signal ? `killed by ${signal}` : messageOf(error)
  throw new HookToolError(tool, args, status, result.stderr || reason)
}

function spawnTool(tool: string, args: readonly string[], options: Pick<Context, 'env'> & { cwd: string }) {
  try {
    return spawnSync(tool, args, { ...options, encoding: 'utf8', maxBuffer: MAX_OUTPUT, stdio: 'pipe' })
  } catch (error) {
    throw notStarted(tool, args, error)
  }
}

/** Run a hook tool that has nothing to answer. */
export async function run(
  context: Context,
  tool: string,
  args: readonly string[],
  input?: string,
): Promise<void> {
  await runHookTool(context, tool, args, input)
}

/** Run a hook tool and read its answer; nothing at all is null. */
export async function runJson(
  context: Context,
  tool: string,
  options: readonly string[],
  words: readonly string[] = [],
): Promise<unknown> {
  const args = withWords([...options, '--format=json'], words)
  return parseAnswer(tool, args, await runHookTool(context, tool, args))
}

/** The same while the engine waits. */
export function runJsonSync(
  context: Context,
  tool: string,
  options: readonly string[],
  words: readonly string[] = [],
): unknown {
  const args = withWords([...options, '--format=json'], words)
  return parseAnswer(tool, args, runHookToolSync(context, tool, args))
}

function parseAnswer(tool: string, args: readonly string[], stdout: string): unknown {
  try {
    return stdout.trim() === '' ? null : JSON.parse(stdout)
  } catch (error) {
    throw new HookToolError(tool, args, 0, `answered with something that is not JSON: ${stdout}`, error)
  }
}

/** Options and then words, behind `--` where one begins with a dash. */
export function withWords(options: readonly string[], words: readonly string[]): string[] {
  const isOdd = words.some((word) => word.startsWith('-') && word !== '-')
  return [...options, ...(isOdd ? ['--'] : []), ...words]
}

/** `--name=VALUE`, or nothing where there is no value; `--name` alone for true. */
export function option(name: string, value: string | number | boolean | undefined): string[] {
  if (value === undefined || value === false) return []
  return [value === true ? `--${name}` : `--${name}=${value}`]
}

/** The options that name a databag. */
export function databag(relation: string, { application }: { application?: boolean }): string[] {
  return ['-r', relation, ...option('app', application)]
}

/** `KEY=VALUE` words. */
export function pairs(values: Readonly<Record<string, string>>): string[] {
  return Object.entries(values).map(([key, value]) => `${key}=${value}`)
}

/**
 * The map for `--file -`, which is YAML. JSON is, when the characters are escaped that Juju's YAML reader
 * refuses, or takes for line ends.
 */
export function yamlMap(values: Readonly<Record<string, string>>): string {
  return JSON.stringify(values).replace(
    /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/** The answer as a map; empty for null. */
export function toMap(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}

/** The answer as a map of strings; what is null is left out. */
export function toTexts(value: unknown): Record<string, string> {
  const present = Object.entries(toMap(value)).filter(([, text]) => text !== null)
  return Object.fromEntries(present.map(([key, text]) => [key, String(text)]))
}

/** The answer as a list of strings; empty for null. */
export function toList(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : []
}

/** The answer as a string; null stays null, and the empty string empty. */
export function toText(value: unknown): string | null {
  return value === null || value === undefined ? null : String(value)
}
