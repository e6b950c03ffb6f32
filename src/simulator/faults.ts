// What a test lets go wrong: hook tools that fail, and a hook that is killed in the middle, as when the
// machine or the unit agent dies.

import fs from 'node:fs'
import path from 'node:path'

/** A hook tool that fails when it is called. */
export interface ToolFailure {
  tool: string
  /** The first arguments of the calls that are meant; any by default. */
  args?: readonly string[]
  /** 1 by default, as for most run-time errors. */
  status?: number
  /** What the tool prints on stderr behind `ERROR `. */
  message?: string
  /** How many of the calls fail, the first ones; all of them by default. */
  times?: number
}

/** A moment in a hook: one of these. */
export interface Moment {
  /** The call of a hook tool, before it has done anything. */
  tool?: string
  /** The call of a command of the machine that is stubbed or refused. */
  command?: string
  /** The first arguments of that tool or command. */
  args?: readonly string[]
  /** The appearance of a file: relative to the charm dir, or absolute as the charm sees it. */
  file?: string
  /** The start of a handler, as far as the log tells: `reactive/app.sh:install`. */
  handler?: string
}

const EVERY_MS = 2

/** Counts the calls that shall fail. */
export class Faults {
  readonly #left: { failure: ToolFailure; times: number }[]

  constructor(failures: readonly ToolFailure[] = []) {
    this.#left = failures.map((failure) => ({ failure, times: failure.times ?? Number.POSITIVE_INFINITY }))
  }

  /** The failure that a call meets, if any; it is used up by that. */
  take(tool: string, args: readonly string[]): ToolFailure | undefined {
    const found = this.#left.find(
      ({ failure, times }) => times > 0 && failure.tool === tool && fits(failure.args, args),
    )
    if (found === undefined) return undefined
    found.times -= 1
    return found.failure
  }
}

/** Whether the call of a hook tool is the moment. */
export function isToolMoment(moment: Moment | undefined, tool: string, args: readonly string[]): boolean {
  if (moment === undefined) return false
  if (moment.tool === tool) return fits(moment.args, args)
  if (tool !== 'juju-log' || moment.handler === undefined) return false
  const lines = args.at(-1)?.toLowerCase().split('\n') ?? []
  return lines.includes(`invoking reactive handler: ${moment.handler}`.toLowerCase())
}

/** Call back once when the file appears in one of the directories. Gives the function that ends the watch. */
export function watchFor(file: string, dirs: readonly string[], appeared: () => void): () => void {
  const places = [...dirs.map((dir) => path.join(dir, file)), ...(path.isAbsolute(file) ? [file] : [])]
  const before = new Set(places.filter((place) => fs.existsSync(place)))
  const timer = setInterval(() => {
    if (!places.some((place) => !before.has(place) && fs.existsSync(place))) return
    clearInterval(timer)
    appeared()
  }, EVERY_MS)
  return () => clearInterval(timer)
}

function fits(first: readonly string[] = [], args: readonly string[]): boolean {
  return first.every((word, index) => args[index] === word)
}
