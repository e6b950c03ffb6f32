// The data of the page with its texts in place, and what follows from it: the history of each flag, the runs of each
// handler.

import type { ReportChange, ReportData, ReportDispatch, ReportHandler, ReportRun, Text } from '../data.ts'

export interface Run extends ReportRun {
  dispatch: ReportDispatch
  phase: string
}

export interface FlagEvent {
  at: string
  set: boolean
  /** A handler, or who else it was. */
  by: string
  isHandler: boolean
  trigger?: string
  dispatch?: ReportDispatch
}

export class Unit {
  readonly data: ReportData
  readonly handlers: ReadonlyMap<string, ReportHandler>
  readonly runs = new Map<string, Run[]>()
  readonly histories = new Map<string, FlagEvent[]>()

  constructor(data: ReportData) {
    this.data = data
    this.handlers = new Map(data.handlers.map((handler) => [this.text(handler.id), handler]))
    for (const dispatch of data.dispatches) this.#addDispatch(dispatch)
    for (const { at, command, changes } of data.outside) {
      this.#addChanges(changes, { at, by: `by hand: ${this.text(command)}`, isHandler: false })
    }
    for (const history of this.histories.values()) history.sort((one, other) => (one.at < other.at ? -1 : 1))
  }

  text(number: Text): string {
    return this.data.texts[number] ?? ''
  }

  /** The handler's name as people say it. */
  label(id: string): string {
    const handler = this.handlers.get(id)
    return handler === undefined ? id.slice(id.indexOf(':') + 1) : this.text(handler.label)
  }

  get last(): ReportDispatch | undefined {
    return this.data.dispatches.at(-1)
  }

  #addDispatch(dispatch: ReportDispatch): void {
    const start = Date.parse(dispatch.started)
    const when = (milliseconds: number) => new Date(start + milliseconds).toISOString()
    // What a failed hook has changed was taken back.
    const isKept = dispatch.status === 0
    if (isKept)
      this.#addChanges(dispatch.before, {
        at: when(0),
        by: 'before the handlers',
        isHandler: false,
        dispatch,
      })
    for (const { phase, ran } of dispatch.iterations) {
      for (const run of ran) {
        const by = this.text(run.handler)
        this.runs.set(by, [...(this.runs.get(by) ?? []), { ...run, dispatch, phase: this.text(phase) }])
        if (isKept) this.#addChanges(run.changes, { at: when(run.at), by, isHandler: true, dispatch })
      }
    }
    const after = { at: when(dispatch.milliseconds), by: 'end of the hook', isHandler: false, dispatch }
    if (isKept) this.#addChanges(dispatch.after, after)
  }

  #addChanges(changes: readonly ReportChange[], event: Omit<FlagEvent, 'set' | 'trigger'>): void {
    for (const [set, flag, trigger] of changes) {
      const name = this.text(flag)
      const all = this.histories.get(name) ?? []
      all.push({ ...event, set: set === 1, ...(trigger !== undefined && { trigger: this.text(trigger) }) })
      this.histories.set(name, all)
    }
  }
}

/** Milliseconds as people read them. */
export function duration(milliseconds: number): string {
  if (milliseconds < 10) return `${milliseconds.toFixed(1)} ms`
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`
  return milliseconds < 60_000
    ? `${(milliseconds / 1000).toFixed(1)} s`
    : `${(milliseconds / 60_000).toFixed(1)} min`
}

/** A moment in the reader's own time: the date only where it is another day. */
export function moment(iso: string, withDate = false): string {
  const date = new Date(iso)
  const two = (number: number) => String(number).padStart(2, '0')
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
  const time = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`
  return withDate ? `${day} ${time}` : time
}
