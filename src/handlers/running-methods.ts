// The calls of methods in one run: whose a name is, how many calls run at once, and that none is left at the end.

import { ReactiveError } from '../errors.ts'

/** So many processes, and no more, come of a method that calls itself without end. */
const MOST_CALLS = 64

export class MethodCalls {
  #places = new Map<string, string>()
  #running = new Set<Promise<unknown>>()
  #isOver = false

  /** Claim the name for the function at `FILE:LINE`. False when it has it already: two files source its file. */
  claim(endpoint: string, method: string, place: string): boolean {
    const known = this.#places.get(`${endpoint} ${method}`)
    if (known === place) return false
    if (known !== undefined)
      throw new ReactiveError(`two methods have the same name: ${known} and ${place} ${method}`)
    this.#places.set(`${endpoint} ${method}`, place)
    return true
  }

  /** Run a call, unless there are too many. */
  async run<T>(method: string, call: () => Promise<T>): Promise<T> {
    if (this.#isOver) throw new ReactiveError(`the hook is over, so no method can be called: ${method}`)
    if (this.#running.size >= MOST_CALLS) {
      throw new ReactiveError(
        `${MOST_CALLS} calls of methods are running, which looks like endless recursion: ${method}`,
      )
    }
    const running = call()
    this.#running.add(running)
    return running.finally(() => this.#running.delete(running))
  }

  /** Take no more calls, and wait for those that background jobs have made. */
  async end(): Promise<void> {
    this.#isOver = true
    await Promise.allSettled(this.#running)
  }
}
