// The executable. The only file that prints an error and sets the exit status.

import fs from 'node:fs'
import { inspect } from 'node:util'
import { answerAbout, answerCommand, answerLine, answerOnFiles } from './cli/cli.ts'
import type { Place } from './cli/commands/command.ts'
import { type Call, parse, parseTarget } from './cli/parse.ts'
import { sessionEndpoints } from './endpoints/session-endpoints.ts'
import { messageOf, oneLine, ReactiveError, refusal, ScriptError, UsageError } from './errors.ts'
import type { HandlerHost } from './handlers/handler-files.ts'
import { otherToolkit } from './juju/carried.ts'
import { type Context, ownPlace, readContext, shellDirOf } from './juju/context.ts'
import { type Log, openLog } from './juju/log.ts'
import { findUnit } from './juju/units.ts'
import type { Reply } from './system/channel.ts'
import { writeAll } from './system/write-all.ts'
import { noteOutside } from './unit/outside-changes.ts'
import { openSession, type Session } from './unit/session.ts'

/** How long what is left running keeps a process that is done, in milliseconds: V8's threads are done by then. */
const LINGER = 50

/** Words that need no unit: each loads what it needs. */
const ENTRIES: Record<string, (words: string[]) => Reply | Promise<Reply>> = {
  main: runHook,
  'charm-env': printUnitEnvironment,
  python: answerPythonOutside,
  registration: printRegistration,
  'test-kit': async (words) => (await import('./simulator/test-kit/server.ts')).serveTestKit(words),
}

async function start(line: string[]): Promise<void> {
  const reply = await answer(line).catch((error: unknown) => refusal(line, error))
  // Written at once: stdout and stderr may be pipes.
  if (reply.stdout) writeAll(1, reply.stdout)
  if (reply.stderr) writeAll(2, reply.stderr)
  endWith(reply.status)
}

/**
 * Let this process end when nothing is left to do, and soon where a handler has left something running. `process.exit`
 * waits for the threads of V8, and one that compiles may wait for this thread to collect garbage: for ever.
 */
function endWith(status: number): void {
  process.exitCode = status
  // What is left running says and changes nothing more.
  process.on('uncaughtException', () => undefined)
  process.on('exit', () => {
    process.exitCode = status
  })
  setTimeout(() => process.exit(status), LINGER).unref()
}

async function answer(words: string[]): Promise<Reply> {
  checkEncoding(words)
  const about = answerAbout(words)
  if (about !== undefined) return about
  const [name = '', ...rest] = words
  const run = Object.hasOwn(ENTRIES, name) ? ENTRIES[name] : undefined
  return run === undefined ? runCommand(words) : run(rest)
}

/** A command outside of a dispatch: a transaction of its own. */
async function runCommand(words: string[]): Promise<Reply> {
  const call = parse(words)
  if ('runOnFiles' in call.command) return answerOnFiles(call, call.command, placeOf(call))
  const { env, cwd } = ownPlace()
  const context = readContext(findUnit(env, cwd, call.target), cwd)
  const carried = otherToolkit(context.charmDir)
  if (carried !== undefined) return runBy(carried, words, context)
  // While the state is open others wait for it, and what feeds the pipe may be one of them.
  if (call.command.stdin && words.at(-1) === '-') call.words.splice(-1, 1, fs.readFileSync(0, 'utf8'))
  const { name } = call
  return inTransaction(context, { name, writes: mayWrite(call) }, (session) => answerOutside(session, call))
}

/** Answer with an open unit state, and keep what has changed unless the answer is a refusal. */
async function inTransaction(
  context: Context,
  { name, writes }: { name: string; writes: boolean },
  work: (session: Session) => Promise<Reply>,
): Promise<Reply> {
  const log = openLog(context.env)
  const { openUnitState } = await import('./unit/open-unit-state.ts')
  const state = await openUnitState(context, log, writes ? 'write' : 'read')
  const session = openSession(context, state, log, false)
  const changed = noteOutside(session, name)
  try {
    const reply = await work(session)
    if (writes && reply.status < 2) {
      if (sessionEndpoints.has(session))
        await (await import('./endpoints/published-data.ts')).publishAll(session)
      await state.commit(changed())
    }
    // Scripts stay silent: only a person at a terminal may expect handlers to run now.
    if (!writes || session.changeCount === 0 || !isTerminal(2)) return reply
    return {
      ...reply,
      stderr: `${reply.stderr ?? ''}charms.reactive: handlers see the change in the next hook\n`,
    }
  } finally {
    await state.close()
    await log.flush()
  }
}

/** Let the work read a unit, of which nothing is changed. */
async function readUnit<T>(context: Context, work: (session: Session) => Promise<T>): Promise<T> {
  const log = openLog(context.env)
  const { openUnitState } = await import('./unit/open-unit-state.ts')
  const state = await openUnitState(context, log, 'read')
  try {
    const session = openSession(context, state, log, false)
    session.answer = (line) => answerLine(session, line)
    return await work(session)
  } finally {
    await state.close()
    await log.flush()
  }
}

/** A charm that carries a toolkit is the business of that one: it may be of another version. */
async function runBy(launcher: string, words: string[], { env }: Context): Promise<Reply> {
  const { spawnSync } = await import('node:child_process')
  const ofThisToolkit = /^CHARMS_REACTIVE_(SHELL|NODE|CHANNEL)$/
  const { status, error } = spawnSync('bash', [launcher, ...words], {
    env: Object.fromEntries(Object.entries(env).filter(([name]) => !ofThisToolkit.test(name))),
    stdio: 'inherit',
  })
  if (error !== undefined)
    throw new ReactiveError(`the toolkit of the charm does not run: ${launcher}`, { cause: error })
  return { status: status ?? 70 }
}

/** The answer to a command, and around it what the methods need that it calls. */
async function answerOutside(session: Session, call: Call): Promise<Reply> {
  let host: HandlerHost | undefined
  session.registerLayer = async (endpoint) => {
    const { HandlerHost } = await import('./handlers/handler-files.ts')
    host ??= new HandlerHost(session, (line) => answerLine(session, line))
    await host.registerLayer(endpoint)
  }
  session.answer = (line) => answerLine(session, line)
  const reply = await answerCommand(session, call)
  await host?.close()
  return host?.refusal === undefined ? reply : { status: 3, stderr: host.refusal }
}

/** A question of a Python process outside of a dispatch (handlers/python/operations.ts): `python -`. */
async function answerPythonOutside(words: string[]): Promise<Reply> {
  const { env, cwd } = ownPlace()
  const context = readContext(findUnit(env, cwd), cwd)
  const text = words[0] === '-' ? fs.readFileSync(0, 'utf8') : (words[0] ?? '')
  const { answerPython } = await import('./handlers/python/operations.ts')
  return inTransaction(context, { name: 'python', writes: true }, async (session) =>
    answerPython(session, text),
  )
}

/** For insight/charm-model.ts, in a simulated unit: what the charm's handler files register, as JSON. */
async function printRegistration(): Promise<Reply> {
  const { env, cwd } = ownPlace()
  const context = readContext(env, cwd)
  const { registrationOf } = await import('./insight/registration.ts')
  return readUnit(context, async (session) => ({
    status: 0,
    stdout: JSON.stringify(await registrationOf(session, answerLine)),
  }))
}

/** For shell/charm-env: what a process needs for a unit, as records `NAME=VALUE` that end with NUL. */
async function printUnitEnvironment(words: string[]): Promise<Reply> {
  const { env, cwd } = ownPlace()
  const context = readContext(findUnit(env, cwd, parseTarget(words)), cwd)
  const carried = otherToolkit(context.charmDir)
  if (carried !== undefined) return runBy(carried, ['charm-env', ...words], context)
  const { handlerEnvironment } = await import('./handlers/children.ts')
  const unit = /^(JUJU_)?CHARM_DIR$|^JUJU_UNIT_NAME$/
  const ofHandlersOnly = /^CHARMS_REACTIVE_|^JUJU_HOOK_NAME$/
  const records = Object.entries(handlerEnvironment(context, '')).filter(
    ([name, value]) => unit.test(name) || (value !== env[name] && !ofHandlersOnly.test(name)),
  )
  return { status: 0, stdout: records.map(([name, value]) => `${name}=${value}\0`).join('') }
}

/** Whether a descriptor is a terminal. node:tty would say so too, and takes a tenth of a command's time to load. */
function isTerminal(descriptor: number): boolean {
  try {
    return /^\/dev\/(pts\/|tty|console)/.test(fs.readlinkSync(`/proc/self/fd/${descriptor}`))
  } catch {
    return false
  }
}

/** Where a command about files is called. */
function placeOf({ target }: Call): Place {
  const { env, cwd } = ownPlace()
  const charmDir = () => readContext(findUnit(env, cwd, target), cwd).charmDir
  const inUnit: Place['inUnit'] = (given, work) => readUnit(readContext(findUnit(env, cwd, given), cwd), work)
  return { cwd, env, shellDir: shellDirOf(env), charmDir, inUnit }
}

function mayWrite({ command, words }: Call): boolean {
  if (!('writes' in command)) return false
  return typeof command.writes === 'function' ? command.writes(words) : command.writes
}

/** A hook: `charms.reactive main [NAME]`. */
async function runHook([hook, ...rest]: string[]): Promise<Reply> {
  if (rest.length > 0) throw new UsageError(`too many words: ${rest[0]}`)
  const { env, cwd } = ownPlace()
  const context = readContext(env, cwd, hook)
  const log = openLog(context.env)
  try {
    const { dispatch } = await import('./dispatch/dispatch.ts')
    await dispatch(context, log, answerLine)
    return { status: 0 }
  } catch (error) {
    return replyToFailure(context, log, error)
  } finally {
    await log.flush()
  }
}

/**
 * What a failed hook says, once: Juju logs stderr as well, so the record is an ERROR of the log, or without juju-log
 * a line on stderr. So it is in an action: stderr is what its operator reads, and what its own script said is enough.
 */
function replyToFailure({ actionName, trace, traceId }: Context, log: Log, error: unknown): Reply {
  const { status, stderr } = refusal(['main'], error)
  const isInLog = log.inJuju && (actionName === '' || error instanceof ScriptError)
  const juju = traceId === '' ? '' : ` (trace ${traceId})`
  if (isInLog) log.error(`${oneLine(messageOf(error))}${juju}`)
  const isExpected = error instanceof ReactiveError
  const record = isInLog && isExpected ? '' : stderr
  const stack = trace && isExpected ? `${inspect(error)}\n` : ''
  return { status, stderr: record + stack }
}

/** Node decodes arguments leniently; what were not characters would silently become others. */
function checkEncoding(words: readonly string[]): void {
  if (!words.some((word) => word.includes('\ufffd'))) return
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(fs.readFileSync('/proc/self/cmdline'))
  } catch {
    throw new UsageError(`arguments must be UTF-8: ${words.find((word) => word.includes('\ufffd'))}`)
  }
}

void start(process.argv.slice(2))
