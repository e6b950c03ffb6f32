// A handler as the dispatcher sees it, whatever its language: identity, place, conditions, run.

import { layerOfFile } from '../endpoints/endpoints.ts'
import { filesChangedFor, hashFiles, recordFilesFor } from '../unit/file-hashes.ts'
import { isFlagSet } from '../unit/flags.ts'
import { markInvoked } from '../unit/invocations.ts'
import type { Phase, Session } from '../unit/session.ts'
import {
  type Condition,
  conditionHolds,
  filesOf,
  flagsOf,
  forEndpoint,
  namesEndpoint,
  phasesOf,
  type Reason,
  whyNot,
} from './conditions.ts'

/** What a handler answered when it was tested, condition by condition. */
export interface Verdict {
  matches: boolean
  answers: Answer[]
}

/** The answer of a condition; where it does not hold, the words of it that are the reason. */
export interface Answer extends Reason {
  condition: string
  holds: boolean
}

export interface Handler {
  /** `reactive/app.sh:configure`; a second one of the same name ends with `#2`. */
  readonly id: string
  /** Path relative to the charm dir. */
  readonly file: string
  readonly line: number | undefined
  /** The phases in which it may run. */
  readonly phases: ReadonlySet<Phase>
  /** The flags whose change lets it run again in the same dispatch; `any` for a foreign executable. */
  readonly flags: readonly string[] | 'any'
  /** The actions that it is for. */
  readonly actions: readonly string[]
  /** What its decorators say; none for a foreign executable, which only answers when it is asked. */
  readonly conditions?: readonly Condition[]
  /** In an interface layer the endpoint that it is for. */
  readonly endpoint?: string
  /** Whether there is anything to test; without it there always is. */
  isDue?(): Promise<boolean>
  test(session: Session): Verdict | Promise<Verdict>
  /** Run it. Rejects with a HandlerError when it fails. */
  run(session: Session): Promise<void>
}

/** Where handlers come from: a file that may keep something open between its handlers. */
export interface HandlerSource {
  readonly handlers: readonly Handler[]
  /** Called at the end of each iteration in which one of its handlers may have run. */
  endIteration?(session: Session): Promise<void>
}

/** A function with decorators, in bash or JavaScript. */
export interface Decorated {
  id: string
  file: string
  line: number | undefined
  conditions: readonly Condition[]
  /** The handler file that sources the function's, if it is not its own. */
  sourcedBy?: string
  /** Whether an interface layer has one of it for each endpoint; so it is unless said otherwise. */
  perEndpoint?: boolean
  /** Run the function as this handler; in an interface layer for one endpoint. */
  invoke(id: string, endpoint: string | undefined): Promise<void>
}

/** The handlers of a decorated function: in an interface layer one for each endpoint that uses it. */
export function decoratedHandlers(session: Session, decorated: Decorated): Handler[] {
  return forEndpoints(session, decorated).map(({ id, endpoint, conditions }) =>
    decoratedHandler({ ...decorated, id, conditions }, endpoint),
  )
}

/** Identity and conditions of a decorated function: in an interface layer those for each endpoint that uses it. */
export function forEndpoints(
  session: Session,
  decorated: Pick<Decorated, 'id' | 'file' | 'sourcedBy' | 'perEndpoint' | 'conditions'>,
): { id: string; endpoint: string | undefined; conditions: readonly Condition[] }[] {
  const { id, file, sourcedBy = '', perEndpoint = true, conditions } = decorated
  const layer = layerOfFile(session, file) ?? layerOfFile(session, sourcedBy)
  if (layer === undefined || !perEndpoint) return [{ id, endpoint: undefined, conditions }]
  // A charm that uses another role of the interface: what names no endpoint runs as in any other file.
  if (layer.endpoints.length === 0) {
    return conditions.some(namesEndpoint) ? [] : [{ id, endpoint: undefined, conditions }]
  }
  return layer.endpoints.map((endpoint) => ({
    id: `${id}:${endpoint}`,
    endpoint,
    conditions: conditions.map((condition) => forEndpoint(condition, layer, endpoint)),
  }))
}

/** The handler of a decorated function, for one endpoint of an interface layer or for none. */
function decoratedHandler(decorated: Decorated, endpoint: string | undefined): Handler {
  const { id, file, line, conditions, invoke } = decorated
  const files = filesOf(conditions)
  return {
    id,
    file,
    line,
    phases: phasesOf(conditions),
    flags: flagsOf(conditions),
    actions: conditions.filter(({ name }) => name === 'action').flatMap(({ args }) => args),
    conditions,
    ...(endpoint !== undefined && { endpoint }),
    test: (session) => testConditions(session, conditions, id),
    async run(session) {
      const seen = hashFiles(session, files)
      await invoke(id, endpoint)
      // Only now: a change that a failed handler saw is still a change for the next hook.
      recordFilesFor(session, id, seen)
      if (conditions.some(({ name }) => name === 'only_once')) markInvoked(session, id)
    },
  }
}

/** Test all conditions; the answers are kept for the record. */
export function testConditions(session: Session, conditions: readonly Condition[], id: string): Verdict {
  const answers = conditions.map((condition) => {
    const holds = conditionHolds(session, condition, id)
    const reason = holds ? undefined : whyNot(session, condition, id)
    return { condition: describeCondition(condition), holds, ...reason }
  })
  return { matches: answers.length > 0 && answers.every(({ holds }) => holds), answers }
}

/** Warn when a function guarded by `@not_unless` is called without its flags. It runs all the same. */
export function warnUnless(session: Session, id: string, flags: readonly string[]): void {
  const missing = flags.filter((flag) => !isFlagSet(session, flag))
  if (missing.length > 0) session.log.warning(`${id} called before its flags are set: ${missing.join(', ')}`)
}

/** Add `#2`, `#3` … to ids that occur again. */
export function uniqueIds(): (id: string) => string {
  const seen = new Map<string, number>()
  return (id) => {
    const count = (seen.get(id) ?? 0) + 1
    seen.set(id, count)
    return count === 1 ? id : `${id}#${count}`
  }
}

export function describeCondition({ name, args }: Condition): string {
  return [`@${name}`, ...args].join(' ')
}

/**
 * The files that a foreign executable asks about with `when_file_changed` while it is tested. What it saw
 * is recorded when it has succeeded, as for a decorated handler.
 */
export class WatchedFiles {
  #id: string
  #seen = new Map<string, string | null>()

  constructor(id: string) {
    this.#id = id
  }

  changed(session: Session, files: readonly string[]): boolean {
    for (const [file, hash] of hashFiles(session, files)) this.#seen.set(file, hash)
    return filesChangedFor(session, this.#id, files)
  }

  record(session: Session): void {
    recordFilesFor(session, this.#id, this.#seen)
    this.#seen.clear()
  }
}
