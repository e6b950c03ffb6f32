// Random sequences: what happens in the model of Juju, a few things at a time, and the hooks that are due then.
// A longer sequence of the same seed begins with the shorter one.

import { Random } from '../../random.ts'
import { Model } from './model.ts'
import type { Act, Changes, Hook, Operation, Sequence } from './operations.ts'
import { APPLICATION, ENDPOINTS, type Relation } from './relation.ts'
import { compareNames } from './values.ts'
import { OLD_JUJU } from './world.ts'

const APPLICATIONS = ['mysql', 'maria', 'haproxy']
const FIELDS = ['host', 'port', 'name', 'cfg', 'poison', 'a b', '__proto__', 'x.y', 'ü', '$(id)', '-n']
const TEXTS = ['1', '1.0', 'a', '"a"', 'true', 'null', '{"x":1,"y":2}', '{"y": 2, "x": 1}', 'l1\nl2', 'é "q"']
const SPELLINGS = [
  ['a', '"a"'],
  ['{"x":1,"y":2}', '{"y": 2, "x": 1}'],
]
const OWN_KEYS = ['step', 'state', 'cfg']
const OWN_TEXTS = ['', 'on', '{"y":2,"x":[1]}', '7', 'ü']

/** How often what happens, between two hooks. */
const HAPPENINGS = {
  relate: 3,
  enter: 6,
  write: 5,
  'write-app': 3,
  leave: 3,
  remove: 1.2,
  vanish: 1,
  lead: 1,
  upgrade: 0.6,
  clear: 0.2,
}

export function generate(seed: number, hooks: number): Sequence {
  const generator = new Generator(seed)
  return { jujuVersion: generator.model.world.jujuVersion, operations: generator.run(hooks) }
}

class Generator {
  readonly model: Model
  readonly #random: Random
  readonly #operations: Operation[] = []
  #number: number
  #step = 0

  constructor(seed: number) {
    this.#random = new Random(seed)
    this.model = new Model(this.#random.chance(0.15) ? OLD_JUJU : '3.6.0')
    this.#number = 1 + this.#random.below(9)
  }

  run(hooks: number): Operation[] {
    this.#play({ do: 'relate', relation: `ring:${this.#number++}`, application: '' })
    while (this.#step < hooks) {
      const happenings = this.#random.below(4)
      for (let count = 0; count < happenings; count++) this.#play(this.#happening())
      // One unit in some is removed in the end.
      if (this.#step > 40 && this.#random.chance(0.01)) this.#play({ do: 'depart' })
      if (this.model.world.failed && this.#random.chance(0.3)) this.#play({ do: 'resolve' })
      this.#play(this.#hook())
      this.#step += 1
    }
    return this.#operations
  }

  #play(operation: Operation | undefined): void {
    if (operation === undefined || !this.model.isPossible(operation)) return
    if (this.model.play(operation) !== false) this.#operations.push(operation)
  }

  #happening(): Operation | undefined {
    const random = this.#random
    const { world } = this.model
    const kind = random.weighted(HAPPENINGS)
    if (kind === 'relate') return this.#relate()
    if (kind === 'lead') return { do: 'lead', leader: !world.leader }
    if (kind === 'upgrade') return this.#upgrade()
    if (kind === 'clear') return this.#clear()
    const relation = random.maybe(world.relations)
    if (relation === undefined) return undefined
    const { id } = relation
    if (kind === 'enter') return this.#enter(relation)
    if (kind === 'write-app') return { do: kind, relation: id, data: this.#changes() }
    if (kind === 'remove' || kind === 'vanish') return { do: kind, relation: id }
    const unit = random.maybe([...relation.units.keys()])
    if (unit === undefined) return undefined
    if (kind === 'leave') return { do: kind, relation: id, unit }
    return { do: kind, relation: id, unit, data: this.#rewrite(relation, unit) }
  }

  /** Changes of a unit's data, or another spelling of the same value: that is no change. */
  #rewrite({ units }: Relation, unit: string): Changes {
    const spelt = [...(units.get(unit)?.data ?? [])].flatMap(([field, text]) => {
      const other = SPELLINGS.find((texts) => texts.includes(text))?.find((one) => one !== text)
      return other === undefined ? [] : [[field, other] as const]
    })
    return spelt.length > 0 && this.#random.chance(0.4) ? Object.fromEntries(spelt) : this.#changes()
  }

  #relate(): Operation | undefined {
    const { endpoints, relations } = this.model.world
    const endpoint = this.#random.pick([...endpoints].sort())
    if (relations.filter((relation) => relation.endpoint === endpoint).length >= 2) return undefined
    const relation = `${endpoint}:${this.#number++}`
    return { do: 'relate', relation, application: this.#random.pick(APPLICATIONS) }
  }

  #enter({ id, application, units }: Relation): Operation | undefined {
    if (units.size >= 4) return undefined
    const unit = `${application}/${this.#random.pick(application === APPLICATION ? [1, 2, 9, 10] : [0, 1, 2, 9, 10])}`
    return { do: 'enter', relation: id, unit, data: this.#changes() }
  }

  #changes(): Changes {
    const count = this.#random.below(3)
    const entries = Array.from({ length: count }, (): [string, string] => [
      this.#random.pick(FIELDS),
      this.#random.pick([...TEXTS, '', `v${this.#step}`]),
    ])
    // Now and then a unit asks for the failure of those who taste its data, and takes that back.
    const poison = this.#random.chance(0.25) ? [['poison', this.#random.pick(['yes', ''])] as const] : []
    return Object.fromEntries([...entries, ...poison])
  }

  /** Juju lets an endpoint go that has no relation: now and then they are forced to go before. */
  #upgrade(): Operation {
    const { endpoints, relations } = this.model.world
    const endpoint = this.#random.pick(['spare', 'spare', 'plain', 'cache'])
    const inUse = relations.filter((relation) => relation.endpoint === endpoint)
    if (this.#random.chance(0.5)) for (const { id } of inUse) this.#play({ do: 'vanish', relation: id })
    return { do: 'upgrade', endpoint, has: !endpoints.has(endpoint) }
  }

  #clear(): Operation | undefined {
    const flag = this.#random.maybe([...this.model.unit.flags].sort())
    return flag === undefined ? undefined : { do: 'clear', flag }
  }

  #hook(): Operation {
    const hooks = this.model.world.hooks()
    const own = hooks.filter(({ relation }) => relation !== undefined)
    const hook =
      own.length > 0 && this.#random.chance(0.8) ? this.#random.pick(own) : this.#random.pick(hooks)
    return { do: 'hook', hook, plan: this.#plan(hook) }
  }

  #plan(hook: Hook): Act[] {
    const endpoints = [...this.model.world.endpoints].sort()
    const busy = endpoints.filter((endpoint) => this.#isBusy(endpoint))
    const plan = busy.flatMap((endpoint) => [...this.#cleanUp(endpoint), ...this.#publications(endpoint)])
    if (this.#random.chance(0.3)) plan.push(this.#act(endpoints, 'look', []))
    if (this.#random.chance(0.2)) plan.push(this.#act(endpoints, 'taste', []))
    // A retry fails less often, or the unit would stay in error.
    const mayFail = this.#random.chance(hook === this.model.world.failed ? 0.2 : 0.12)
    if (mayFail)
      plan.push({ ...this.#act(endpoints, this.#random.chance(0.2) ? 'kill' : 'fail', []), words: [] })
    return plan
  }

  #isBusy(endpoint: string): boolean {
    const { unit, world } = this.model
    if (world.relations.some((relation) => relation.endpoint === endpoint)) return true
    return [...unit.flags].some((flag) => flag.startsWith(`endpoint.${endpoint}.`))
  }

  #act(endpoints: readonly string[], verb: Act['verb'], words: string[]): Act {
    const endpoint = this.#random.pick(endpoints)
    return { who: this.#who(endpoint), verb, words: [endpoint, ...words] }
  }

  /** A handler that may see to the endpoint: its own, or one of the charm. */
  #who(endpoint: string): string {
    const own = ['joined', 'changed', 'departed'].map((name) => `${endpoint}.${name}`)
    const more = ENDPOINTS[endpoint]?.interface === 'mysql' ? ['hooked', 'host_changed'] : []
    const names = [
      ...own,
      ...more.map((name) => `${endpoint}.${name}`),
      'app.every',
      'bash.every',
      'app.poke',
    ]
    return this.#random.pick(names)
  }

  /** What handlers do with the flags that they have to clear. */
  #cleanUp(endpoint: string): Act[] {
    const random = this.#random
    const acts: Act[] = []
    const clear = (who: string, flag: string) => acts.push({ who, verb: 'clear', words: [flag] })
    const changed = [...this.model.unit.flags].filter((flag) =>
      flag.startsWith(`endpoint.${endpoint}.changed`),
    )
    if (random.chance(0.4)) clear(`${endpoint}.changed`, `endpoint.${endpoint}.changed`)
    if (random.chance(0.25)) for (const flag of changed.sort()) clear(this.#who(endpoint), flag)
    if (random.chance(0.3)) clear(`${endpoint}.departed`, `endpoint.${endpoint}.departed`)
    if (random.chance(0.3)) acts.push({ who: this.#who(endpoint), verb: 'forget', words: [endpoint] })
    if (random.chance(0.02)) clear(this.#who(endpoint), `endpoint.${endpoint}.joined`)
    return acts
  }

  #publications(endpoint: string): Act[] {
    if (!this.#random.chance(0.25)) return []
    const { isOldJuju, relations } = this.model.world
    const text = this.#random.pick([...OWN_TEXTS, `v${this.#step}`])
    const words = [endpoint, `${this.#random.pick(OWN_KEYS)}=${text}`]
    const ids = relations.filter((relation) => relation.endpoint === endpoint).map(({ id }) => id)
    const id = this.#random.chance(0.3) ? this.#random.maybe(ids.sort(compareNames)) : undefined
    if (id !== undefined) words.push(`--relation=${id}`)
    const isLeaders = endpoint === 'ring' && this.model.world.leader
    if (!isOldJuju && this.#random.chance(isLeaders ? 0.7 : 0.35)) words.push('--app')
    if (this.#random.chance(0.4)) words.push('--as-json')
    return [{ who: this.#who(endpoint), verb: 'set', words }]
  }
}
