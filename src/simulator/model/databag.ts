// Data that the controller keeps and agents watch: of a unit or an application in a relation, or the leader's
// settings. Its version tells an agent whether it has seen the data as they are.

import type { RelationData } from '../juju-state.ts'

export class Databag {
  /** The very object that the states of the units hold: whoever writes there writes here. */
  readonly data: RelationData
  #version = 0
  #text: string

  constructor(data: RelationData) {
    this.data = data
    this.#text = textOf(data)
  }

  /** How often the data was found to be other than at the last look; writing the same again is no change. */
  get version(): number {
    const text = textOf(this.data)
    if (text !== this.#text) this.#version++
    this.#text = text
    return this.#version
  }
}

function textOf(data: RelationData): string {
  return JSON.stringify(Object.entries(data).sort())
}
