// What Juju and the caller say about this run. The only file that reads the environment.

import fs from 'node:fs'
import path from 'node:path'
import { isCharmDir } from '../charm/charm-dir.ts'
import { UsageError } from '../errors.ts'
import { TOOLKIT_DIR } from '../version.ts'
import { parseHookName, RESTRICTED_HOOKS } from './hook-names.ts'
import { addProxies } from './proxies.ts'

/** One frozen record of the environment (Juju's variables and `CHARMS_REACTIVE_*`). */
export interface Context {
  /** Absolute path of the charm dir. */
  readonly charmDir: string
  /** Name of the hook; empty in an action and outside of a hook. */
  readonly hookName: string
  /** Name of the action; empty in a hook and outside of an action. */
  readonly actionName: string
  /** `hooks/NAME` or `actions/NAME` of the event where Juju started `dispatch` for it; empty elsewhere. */
  readonly eventPath: string
  /** What a stub passes as its own name; empty in `dispatch`, and in scripts that do something themselves. */
  readonly calledAs: string
  /** `app/0`, or empty where Juju does not say. */
  readonly unitName: string
  /** The relation that the hook is about; its fields are empty in other hooks. */
  readonly relation: RelationEvent
  /** The secret that the hook is about; empty in other hooks. */
  readonly secret: { readonly id: string; readonly label: string }
  /** The trace that Juju records this hook in, or empty. */
  readonly traceId: string
  /** Version of the Juju agent, or empty. */
  readonly jujuVersion: string
  /** Whether Juju allows no hook tool but `juju-log` (and `add-metric`) here. */
  readonly restricted: boolean
  /** The unit state's file. */
  readonly statePath: string
  /** The state of the Python original, for a unit that moves here. */
  readonly pythonStatePath: string
  /** How long to wait for another process that holds the state, in milliseconds. */
  readonly busyTimeout: number
  /** Directory before every absolute path of the charm; set by a simulated unit only. */
  readonly root: string
  /** The handler behind which a simulated unit is killed, for tests of crashes; empty elsewhere. */
  readonly crashAfter: string
  /** The handlers before which the operator wants a shell; see debug-at.ts. */
  readonly debugAt: readonly string[]
  /** Whether a failure shall show the engine's own stack. */
  readonly trace: boolean
  /** Descriptors of pipes that the launcher has made, for the channel and for what handlers print. */
  readonly pipes: readonly number[]
  /** What the launcher has asked Juju already; see hook-tools/early-answers.ts. */
  readonly asked: string
  /** The Python process that the launcher has started; see handlers/python/early-process.ts. */
  readonly python: string
  /** Path of the channel of the dispatch around this process; empty outside of one. */
  readonly channel: string
  /** Directory of the toolkit's bash library and executables. */
  readonly shellDir: string
  /** The whole environment, for templates and for children. */
  readonly env: Readonly<Record<string, string>>
}

/** What Juju says in a relation hook. */
export interface RelationEvent {
  /** Name of the endpoint. */
  readonly endpoint: string
  /** `db:1`. */
  readonly id: string
  /** `joined` of `db-relation-joined`. */
  readonly step: string
  /** Empty in `-created` and `-broken`, and when application data changed. */
  readonly remoteUnit: string
  readonly remoteApplication: string
}

/** What is wrong where neither the caller, the environment, the directory nor the machine names a unit. */
export const NO_CHARM_DIR =
  'no charm here: name the unit with --unit APP/N or --charm-dir DIR, or set CHARM_DIR'

/** Where this process was started. */
export function ownPlace(): { env: NodeJS.ProcessEnv; cwd: string } {
  return { env: process.env, cwd: process.cwd() }
}

/** Read the context. `hook` is what a hook stub passes as its own name (`charms.reactive main NAME`). */
export function readContext(environment: NodeJS.ProcessEnv, cwd: string, hook = ''): Context {
  const env = handedOn(environment)
  const charmDir = findCharmDir(env, cwd)
  const actionName = env.JUJU_ACTION_NAME || below('actions/', env.JUJU_DISPATCH_PATH)
  const hookName = actionName ? '' : env.JUJU_HOOK_NAME || below('hooks/', env.JUJU_DISPATCH_PATH) || hook
  return Object.freeze({
    charmDir,
    hookName,
    actionName,
    eventPath: eventPathOf(env, hook),
    calledAs: hook,
    unitName: env.JUJU_UNIT_NAME ?? '',
    relation: readRelation(env, hookName),
    secret: {
      id: (env.JUJU_SECRET_ID ?? '').replace(/^secret:.*?([^/:]*)$/, '$1'),
      label: env.JUJU_SECRET_LABEL ?? '',
    },
    traceId: env.JUJU_TRACE_ID ?? '',
    jujuVersion: env.JUJU_VERSION ?? '',
    restricted: RESTRICTED_HOOKS.has(hookName),
    statePath: env.CHARMS_REACTIVE_STATE || path.join(charmDir, '.reactive-state.db'),
    // As the original did: relative to the working directory.
    pythonStatePath: path.resolve(cwd, env.UNIT_STATE_DB || path.join(charmDir, '.unit-state.db')),
    busyTimeout: Number(env.CHARMS_REACTIVE_BUSY_TIMEOUT) || 30_000,
    root: env.CHARMS_REACTIVE_ROOT ?? '',
    crashAfter: env.CHARMS_REACTIVE_CRASH_AFTER ?? '',
    debugAt: (env.JUJU_DEBUG_AT ?? '').split(',').filter(Boolean),
    trace: env.CHARMS_REACTIVE_TRACE === 'true',
    pipes: (environment.CHARMS_REACTIVE_PIPES ?? '').split(' ').filter(Boolean).map(Number),
    asked: environment.CHARMS_REACTIVE_ASKED ?? '',
    python: environment.CHARMS_REACTIVE_PYTHON ?? '',
    channel: env.CHARMS_REACTIVE_CHANNEL ?? '',
    shellDir: shellDirOf(env),
    env,
  })
}

/** Where a path that a charm names really is: below the root of a simulated unit. */
export function underRoot(context: Context, file: string): string {
  const absolute = path.resolve(context.charmDir, file)
  const inside = !context.root || `${absolute}/`.startsWith(`${context.charmDir}/`)
  return inside ? absolute : path.join(context.root, absolute)
}

/**
 * The launcher keeps NODE_EXTRA_CA_CERTS from Node, which pays for it at every start; children get it. What it has
 * prepared is for the engine alone. The model's proxies get the names that programs know.
 */
function handedOn(environment: NodeJS.ProcessEnv): Record<string, string> {
  const env: Record<string, string> = {}
  for (const [name, value] of Object.entries(environment)) if (value !== undefined) env[name] = value
  delete env.CHARMS_REACTIVE_PIPES
  delete env.CHARMS_REACTIVE_ASKED
  delete env.CHARMS_REACTIVE_PYTHON
  const certificates = env.CHARMS_REACTIVE_NODE_EXTRA_CA_CERTS
  if (certificates !== undefined) {
    env.NODE_EXTRA_CA_CERTS = certificates
    delete env.CHARMS_REACTIVE_NODE_EXTRA_CA_CERTS
  }
  addProxies(env)
  return env
}

function below(prefix: string, dispatchPath = ''): string {
  return dispatchPath.startsWith(prefix) ? path.basename(dispatchPath) : ''
}

function readRelation(env: Record<string, string>, hookName: string): RelationEvent {
  const { kind, subject, step } = parseHookName(hookName)
  const isRelation = kind === 'relation'
  return {
    endpoint: env.JUJU_RELATION || (isRelation ? subject : ''),
    id: env.JUJU_RELATION_ID ?? '',
    step: isRelation ? step : '',
    remoteUnit: env.JUJU_REMOTE_UNIT ?? '',
    remoteApplication: env.JUJU_REMOTE_APP ?? '',
  }
}

/** A script that passes its own name is the hook or action itself, and not `dispatch`. */
function eventPathOf(env: Record<string, string>, calledAs: string): string {
  const { JUJU_DISPATCH_PATH = '', CHARMS_REACTIVE_SCRIPT } = env
  const isDispatch = calledAs === '' || calledAs === 'dispatch'
  if (!isDispatch || CHARMS_REACTIVE_SCRIPT === JUJU_DISPATCH_PATH) return ''
  return /^(hooks|actions)\/[^/]+$/.test(JUJU_DISPATCH_PATH) ? JUJU_DISPATCH_PATH : ''
}

/** The charm dir that Juju names, else the working directory if a charm is there. */
function findCharmDir(env: Record<string, string>, cwd: string): string {
  const named = env.CHARM_DIR || env.JUJU_CHARM_DIR
  if (named) {
    const dir = path.resolve(cwd, named)
    if (!fs.statSync(dir, { throwIfNoEntry: false })?.isDirectory()) {
      throw new UsageError(`the charm dir is not a directory: ${named}`)
    }
    return dir
  }
  if (isCharmDir(cwd)) return cwd
  throw new UsageError(`${NO_CHARM_DIR}: ${cwd}`)
}

/** The toolkit's directory of bash files and executables. The launcher knows where it lives. */
export function shellDirOf(env: NodeJS.ProcessEnv): string {
  return env.CHARMS_REACTIVE_SHELL || path.join(TOOLKIT_DIR, 'shell')
}
