// Handler files in JavaScript: imported once per dispatch, their decorated functions registered. What
// they may import without any node_modules: javascript-modules.ts.

import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { findEndpointClass } from '../../endpoints/endpoint-classes.ts'
import { type AnyEndpoint, endpointsOf, layerOfFile } from '../../endpoints/endpoints.ts'
import { expandEndpointName } from '../../endpoints/interface-layers.ts'
import { endpointFromFlag, endpointFromName } from '../../endpoints/relation-call.ts'
import { HandlerError, messageOf, ReactiveError } from '../../errors.ts'
import { type Action, type Registrar, setCurrent } from '../../unit/current-session.ts'
import type { Session } from '../../unit/session.ts'
import { handlerEnvironment } from '../children.ts'
import { type Condition, makeCondition } from '../conditions.ts'
import { decoratedHandlers, type Handler, type HandlerSource, uniqueIds } from '../handlers.ts'
import { joinChildren } from './child-environment.ts'
import { importError } from './import-errors.ts'
import importModule from './import-module.cjs'
import { resolveToolkit } from './modules.ts'
import { watchStrays } from './unhandled-errors.ts'

interface Entry {
  action: Action
  file: string
  line: number | undefined
  conditions: Condition[]
}

/** Import the files, in order, and give their handlers. */
export class JavaScriptFiles {
  #session: Session
  #entries = new Map<Action, Entry>()
  #unique = uniqueIds()
  /** Decorators without a function. */
  #waiting = new Set<{ file: string; line: number | undefined }>()
  #file = ''
  #running: { handler: string; file: string; line: number | undefined } = {
    handler: '',
    file: '',
    line: undefined,
  }
  /** Let go of the process: the dispatch is over. */
  readonly close: () => void

  constructor(session: Session, channelPath: string) {
    this.#session = session
    joinChildren(handlerEnvironment(session.context, channelPath))
    const registrar: Registrar = {
      decorate: (...words) => this.#decorate(...words),
      expectFunction: () => this.#expectFunction(),
    }
    setCurrent({ session, registrar })
    this.close = watchStrays(
      () => this.#running,
      (error) => placeOf(error, path.join(session.context.charmDir, this.#running.file)).line,
    )
  }

  async import(file: string): Promise<HandlerSource> {
    await resolveToolkit(this.#session.context.charmDir)
    const absolute = path.join(this.#session.context.charmDir, file)
    const known = new Set(this.#entries.values())
    this.#file = file
    this.#running = { handler: file, file, line: undefined }
    try {
      this.#implement(file, Object(await importModule(pathToFileURL(absolute).href)))
    } catch (error) {
      throw await importError(this.#session.context.charmDir, file, error)
    }
    const added = [...this.#entries.values()].filter((entry) => !known.has(entry))
    return { handlers: added.flatMap((entry) => this.#handlers(entry)) }
  }

  #decorate(action: Action, decorator: string, args: readonly string[]): void {
    const { charmDir } = this.#session.context
    const { line } = placeOf(new Error(), path.join(charmDir, this.#file))
    const entry = this.#entries.get(action) ?? { action, file: this.#file, line, conditions: [] }
    this.#entries.set(action, entry)
    entry.conditions.push(makeCondition(decorator, args))
  }

  /** One that is called outside of the file itself may be meant for others. */
  #expectFunction(): () => void {
    const { line } = placeOf(new Error(), path.join(this.#session.context.charmDir, this.#file))
    const waiting = { file: this.#file, line }
    if (line !== undefined) this.#waiting.add(waiting)
    return () => this.#waiting.delete(waiting)
  }

  /** All files are imported: a decorator that got no function by now never will. */
  finish(): void {
    for (const { file, line } of this.#waiting)
      throw new ReactiveError(`a decorator without a function: ${file}:${line}`)
  }

  #handlers({ action, file, line, conditions }: Entry): Handler[] {
    const invoke = async (handler: string, endpoint: string | undefined) => {
      this.#running = { handler, file, line }
      const objects = this.#endpointsFor(action, conditions, endpoint)
      try {
        await action.apply(objects[0], objects)
      } catch (error) {
        throw failure(error, handler, file, line, this.#session.context.charmDir)
      }
    }
    const id = this.#unique(`${file}:${action.name || `line-${line}`}`)
    return decoratedHandlers(this.#session, { id, file, line, conditions, invoke })
  }

  /** In an interface layer the class that it exports stands for its endpoints. */
  #implement(file: string, exported: object): void {
    const names = layerOfFile(this.#session, file)?.endpoints ?? []
    const endpointClass = findEndpointClass(exported)
    if (endpointClass === undefined) return
    for (const name of names) endpointsOf(this.#session).implement(name, endpointClass)
  }

  /**
   * What a handler gets: in an interface layer its endpoint, as `this` too, with the conversations of its flags
   * where it has any; elsewhere, if it takes anything, the endpoint of the hook, and those of the flags that are
   * all set.
   */
  #endpointsFor(
    action: Action,
    conditions: readonly Condition[],
    endpoint: string | undefined,
  ): AnyEndpoint[] {
    const session = this.#session
    if (endpoint === undefined && action.length === 0) return []
    const found = conditions.flatMap(({ name, args }) => {
      if (name === 'hook') return [endpointFromName(session, session.context.relation.endpoint)]
      if (name !== 'when' && name !== 'when_all') return []
      const flags = endpoint === undefined ? args : args.map((flag) => expandEndpointName(flag, endpoint))
      return flags.map((flag) => endpointFromFlag(session, flag))
    })
    if (endpoint === undefined) return defined(found)
    const own = found.find((object) => object?.endpointName === endpoint)
    return defined([own ?? endpointFromName(session, endpoint)])
  }
}

function defined<T>(items: readonly (T | undefined)[]): T[] {
  return items.filter((item) => item !== undefined)
}

function failure(error: unknown, handler: string, file: string, line: number | undefined, charmDir: string) {
  const thrown = placeOf(error, path.join(charmDir, file))
  return new HandlerError({ handler, file, line: thrown.line ?? line, status: 1 }, messageOf(error), error)
}

/** The first place in the file that the error's stack names. */
function placeOf(error: unknown, absolute: string): { line: number | undefined } {
  const stack = error instanceof Error ? (error.stack ?? '') : ''
  const url = pathToFileURL(absolute).href
  for (const name of [url, absolute]) {
    const at = stack.indexOf(`${name}:`)
    if (at !== -1) return { line: Number.parseInt(stack.slice(at + name.length + 1), 10) }
  }
  return { line: undefined }
}

/** Whether the runtime can import the file as it is. */
export function isImportable(file: string): boolean {
  if (/\.(js|mjs|cjs)$/.test(file)) return true
  return file.endsWith('.ts') && 'typescript' in process.features && Boolean(process.features.typescript)
}
