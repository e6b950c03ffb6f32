// A list whose items are also found by their name: `relations[0]` and `relations['db:1']`. Names may occur
// more than once; the first one counts (documentation 2.7, Endpoint).

const NAME = Symbol('name of an item')

export class KeyList<T> extends Array<T> {
  declare [NAME]: (item: T) => string;
  /** By relation id, or by unit name. */
  [name: `${string}:${string}` | `${string}/${string}`]: T | undefined

  /** What `map` and `filter` give is a plain array. */
  static override get [Symbol.species](): ArrayConstructor {
    return Array
  }

  constructor(items: Iterable<T>, name: (item: T) => string) {
    super()
    for (const item of items) this.push(item)
    Object.defineProperty(this, NAME, { value: name })
    // biome-ignore lint/correctness/noConstructorReturn: lookup by name as if it were a property
    return new Proxy(this, {
      get(list, key, receiver) {
        if (typeof key === 'symbol' || key in list) return Reflect.get(list, key, receiver)
        return list.find((item) => name(item) === key)
      },
      has: (list, key) => key in list || list.some((item) => name(item) === key),
    })
  }

  /** The first item of this name; undefined where there is none. */
  get(name: string): T | undefined {
    return this.find((item) => this[NAME](item) === name)
  }

  has(name: string): boolean {
    return this.get(name) !== undefined
  }

  /** The names, in the order of the list. */
  names(): string[] {
    return this.map((item) => this[NAME](item))
  }

  /** Pairs of name and item. */
  items(): [name: string, item: T][] {
    return this.map((item) => [this[NAME](item), item])
  }

  /** Take the first item of this name out of the list, and give it. */
  remove(name: string): T | undefined {
    const index = this.findIndex((item) => this[NAME](item) === name)
    return index === -1 ? undefined : this.splice(index, 1)[0]
  }

  clear(): void {
    this.length = 0
  }
}
