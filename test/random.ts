// Random choices that follow from a seed alone.

export class Random {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0
  }

  /** A number from 0 up to 1: mulberry32. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let mixed = this.#state
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }

  /** A whole number below the limit. */
  below(limit: number): number {
    return Math.floor(this.next() * limit)
  }

  chance(probability: number): boolean {
    return this.next() < probability
  }

  /** One of the items; undefined where there is none. */
  maybe<T>(items: readonly T[]): T | undefined {
    return items[this.below(items.length)]
  }

  /** One of the items. */
  pick<T>(items: readonly T[]): T {
    if (items.length === 0) throw new Error('nothing to pick from')
    return items[this.below(items.length)] as T
  }

  /** So many of the items, each at most once, in their order; all where there are no more. */
  sample<T>(items: readonly T[], count: number): T[] {
    const left = items.map((_, index) => index)
    while (left.length > count) left.splice(this.below(left.length), 1)
    return left.map((index) => items[index] as T)
  }

  /** One of the words, each as often as its weight says. */
  weighted<T extends string>(weights: Readonly<Record<T, number>>): T {
    const words = Object.keys(weights) as T[]
    let rest = this.next() * words.reduce((sum, word) => sum + weights[word], 0)
    for (const word of words) {
      rest -= weights[word]
      if (rest < 0) return word
    }
    return this.pick(words)
  }
}
