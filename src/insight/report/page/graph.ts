// The picture of the graph: what is set, what ran in the chosen dispatch, and around which node one looks.

import type { ReportDispatch } from '../data.ts'
import { byId } from './dom.ts'
import { addressOf } from './parts.ts'
import type { Unit } from './unit.ts'

/** A taller picture would be a smear on paper, and browsers fail to print it. */
const TALLEST_ON_PAPER = 2500

const STEPS = [0.25, 0.35, 0.5, 0.7, 0.85, 1, 1.25, 1.5, 2, 3]

export class GraphView {
  readonly #unit: Unit
  readonly #frame = byId('graph-frame')
  readonly #svg = this.#frame.querySelector('svg')
  readonly #elements = new Map<number, Element>()
  #scale = 1

  constructor(unit: Unit) {
    this.#unit = unit
    for (const element of this.#frame.querySelectorAll('.node')) this.#prepare(element)
    const set = new Set(unit.data.flags.filter((flag) => flag.set).map(({ name }) => name))
    unit.data.nodes.forEach(({ kind, name }, index) => {
      if (kind === 'flag' && set.has(name)) this.#elements.get(index)?.classList.add('is-set')
    })
    byId('graph').classList.toggle('tall', (this.#svg?.viewBox.baseVal.height ?? 0) > TALLEST_ON_PAPER)
    byId('zoom-in').addEventListener('click', () => this.#zoom(this.#next(1)))
    byId('zoom-out').addEventListener('click', () => this.#zoom(this.#next(-1)))
    byId('zoom-fit').addEventListener('click', () => this.fit())
    this.#frame.addEventListener('click', (event) => {
      const node = event.target instanceof Element ? event.target.closest('.node') : null
      const index = node === null ? undefined : Number(node.id.slice(1))
      this.lookAt(index)
    })
    this.#frame.addEventListener('keydown', (event) => {
      const node = event.target instanceof Element ? event.target.closest('.node') : null
      if (node === null || (event.key !== 'Enter' && event.key !== ' ')) return
      event.preventDefault()
      this.lookAt(Number(node.id.slice(1)))
    })
  }

  /** A node can be reached by the keyboard, and says what it is. */
  #prepare(element: Element): void {
    const index = Number(element.id.slice(1))
    const node = this.#unit.data.nodes[index]
    if (node === undefined) return
    this.#elements.set(index, element)
    element.setAttribute('tabindex', '0')
    element.setAttribute('role', 'button')
    element.setAttribute('aria-label', `${node.kind} ${element.textContent}`)
  }

  /** Mark what ran in a dispatch. */
  mark(dispatch: ReportDispatch): void {
    const ran = new Set(
      dispatch.iterations.flatMap((iteration) => iteration.ran.map(({ handler }) => handler)),
    )
    this.#unit.data.nodes.forEach(({ kind, name }, index) => {
      if (kind === 'handler') this.#elements.get(index)?.classList.toggle('ran', ran.has(name))
    })
    byId('graph-of').textContent = this.#unit.text(dispatch.event)
  }

  /** Everything else steps back behind a node and its neighbours; undefined shows all alike. */
  lookAt(index: number | undefined): void {
    const near = new Set(index === undefined ? [] : [index])
    this.#unit.data.edges.forEach(([from, to], edge) => {
      const isNear = index !== undefined && (from === index || to === index)
      document.getElementById(`e${edge}`)?.classList.toggle('near', isNear)
      if (isNear) near.add(from).add(to)
    })
    for (const [other, element] of this.#elements) element.classList.toggle('near', near.has(other))
    this.#svg?.classList.toggle('looking', index !== undefined)
    this.#describe(index, near)
  }

  /** Look at a handler or flag by its name, and bring it into sight. */
  lookAtName(name: string): void {
    const index = this.#unit.data.nodes.findIndex((node) => this.#unit.text(node.name) === name)
    if (index < 0) return
    this.lookAt(index)
    this.#elements.get(index)?.scrollIntoView({ block: 'center', inline: 'center' })
  }

  /** Nodes with the words in their names stand out. */
  search(words: string): void {
    this.#svg?.classList.toggle('searching', words !== '')
    this.#unit.data.nodes.forEach(({ name }, index) => {
      const isFound = words !== '' && this.#unit.text(name).toLowerCase().includes(words)
      this.#elements.get(index)?.classList.toggle('found', isFound)
    })
  }

  #describe(index: number | undefined, near: ReadonlySet<number>): void {
    const place = byId('graph-about')
    const node = index === undefined ? undefined : this.#unit.data.nodes[index]
    if (node === undefined) {
      place.textContent = 'Choose a handler or a flag to see what it is tied to.'
      return
    }
    const name = this.#unit.text(node.name)
    const link = document.createElement('a')
    link.href = addressOf(node.kind === 'handler' ? 'handlers' : 'flags', name)
    link.textContent = name
    place.replaceChildren(`${node.kind} `, link, `, tied to ${near.size - 1} others`)
  }

  #next(step: 1 | -1): number {
    const at = STEPS.findIndex((scale) => scale >= this.#scale)
    return STEPS[Math.max(0, Math.min(STEPS.length - 1, at + step))] ?? 1
  }

  #zoom(scale: number): void {
    const svg = this.#svg
    if (svg === null) return
    this.#scale = scale
    svg.setAttribute('width', String(svg.viewBox.baseVal.width * scale * (4 / 3)))
    svg.setAttribute('height', String(svg.viewBox.baseVal.height * scale * (4 / 3)))
  }

  /** As wide as there is room, but never larger than life. */
  fit(): void {
    const svg = this.#svg
    if (svg === null || this.#frame.clientWidth === 0) return
    this.#zoom(
      Math.min(1, Math.max(0.35, (this.#frame.clientWidth - 24) / (svg.viewBox.baseVal.width * (4 / 3)))),
    )
  }
}
