// One hook in the model: which databags are read, which flags change, which handlers run, what they see and
// publish.

import { handlersFor } from './charm-handlers.ts'
import { EndpointsModel } from './endpoints-model.ts'
import type { Act, Hook } from './operations.ts'
import type { Kept } from './unit-model.ts'
import { canonical, decode, toObject } from './values.ts'
import type { World } from './world.ts'

export interface Outcome {
  exitStatus: number
  /** The ids of the handlers that were started, in order. */
  ran: string[]
  /** What they said, `WHO ENDPOINT WHAT JSON`. */
  said: string[]
  /** The databags that were read, `db:1 mysql/0`, sorted. */
  reads: string[]
  /** The databags that were written, `db:1 app/0`, sorted. */
  writes: string[]
  /** The flags that changed on the way are not among them where the hook failed. */
  flags: string[]
}

/** A handler that exits. */
class Failure extends Error {
  readonly status: number
  constructor(status: number) {
    super(`status ${status}`)
    this.status = status
  }
}

const EXIT: Readonly<Record<string, { bash: number; JavaScript: number }>> = {
  fail: { bash: 7, JavaScript: 1 },
  taste: { bash: 9, JavaScript: 1 },
  kill: { bash: 137, JavaScript: 137 },
}

export class HookModel {
  readonly #hook: Hook
  readonly #plan: readonly Act[]
  readonly #kept: Kept
  readonly #names: string[]
  readonly #endpoints: EndpointsModel
  readonly #ran: string[] = []
  readonly #said: string[] = []

  constructor(world: World, hook: Hook, plan: readonly Act[], kept: Kept) {
    this.#hook = hook
    this.#plan = plan
    this.#kept = kept
    this.#names = [...world.endpoints].sort()
    this.#endpoints = new EndpointsModel(world, hook, kept)
  }

  run(): Outcome {
    let exitStatus = 0
    let writes: string[] = []
    try {
      // No handler is made for it, and no hook tool answers.
      if (this.#hook.name !== 'collect-metrics') {
        this.#endpoints.begin()
        for (const phase of ['hooks', 'other'] as const) this.#runPhase(phase)
        writes = this.#endpoints.publish()
      }
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      exitStatus = error.status
    }
    const flags = [...this.#kept.flags].sort()
    return { exitStatus, ran: this.#ran, said: this.#said, reads: this.#endpoints.reads, writes, flags }
  }

  /** A handler never sets a flag here: what does not match when its turn comes, does not run. */
  #runPhase(phase: 'hooks' | 'other'): void {
    for (const handler of handlersFor(this.#names)) {
      if (handler.phase !== phase || !handler.matches(this.#hook, this.#kept.flags)) continue
      this.#ran.push(handler.id)
      if (handler.endpoint !== undefined) this.#glance(handler.who, handler.endpoint)
      const language = handler.id.includes('.sh:') ? 'bash' : 'JavaScript'
      for (const act of this.#plan) if (act.who === handler.who) this.#act(act, language)
    }
  }

  #act({ who, verb, words }: Act, language: 'bash' | 'JavaScript'): void {
    const [name = '', ...rest] = words
    const isFailing = verb === 'fail' || verb === 'kill' || (verb === 'taste' && this.#isPoisoned(name))
    if (isFailing) throw new Failure(EXIT[verb]?.[language] ?? 1)
    if (verb === 'clear') this.#kept.flags.delete(words.join(' '))
    if (verb === 'forget') this.#kept.departed.delete(name)
    if (verb === 'look') this.#look(who, name, language)
    if (verb === 'set' && !this.#endpoints.set(name, rest)) this.#said.push(`${who} refused`)
  }

  #isPoisoned(endpoint: string): boolean {
    const text = this.#endpoints.merged(endpoint).get('poison')
    return text !== undefined && decode(text) === 'yes'
  }

  #glance(who: string, endpoint: string): void {
    this.#say(
      who,
      endpoint,
      'relations',
      this.#endpoints.visible(endpoint).map(({ id }) => id),
    )
    this.#say(who, endpoint, 'units', this.#endpoints.units(endpoint))
    this.#say(who, endpoint, 'departed', this.#endpoints.departed(endpoint))
  }

  #look(who: string, endpoint: string, language: 'bash' | 'JavaScript'): void {
    const endpoints = this.#endpoints
    this.#glance(who, endpoint)
    this.#say(who, endpoint, 'merged', decoded(endpoints.merged(endpoint)))
    this.#say(who, endpoint, 'application', decoded(endpoints.mergedApplications(endpoint)))
    for (const { id } of endpoints.visible(endpoint)) {
      this.#say(who, endpoint, `texts of ${id}`, toObject(endpoints.merged(endpoint, id)))
    }
    for (const unit of endpoints.departed(endpoint)) {
      this.#say(who, endpoint, `data of ${unit}`, decoded(endpoints.dataOf(endpoint, unit)))
    }
    if (language === 'bash') return
    const applications = endpoints.visible(endpoint).map((one) => [one.id, endpoints.applicationOf(one)])
    this.#say(who, endpoint, 'applications', Object.fromEntries(applications))
  }

  #say(who: string, endpoint: string, what: string, value: unknown): void {
    this.#said.push(`${who} ${endpoint} ${what} ${canonical(value)}`)
  }
}

function decoded(data: ReadonlyMap<string, string>): Record<string, unknown> {
  return toObject(new Map([...data].map(([key, text]) => [key, decode(text)])))
}
