// The tables of handlers and flags: what is so now, and what the kept dispatches tell of each.

import type { ReportFlag, ReportHandler } from '../data.ts'
import { placeOf } from './dispatches.ts'
import { byId, h } from './dom.ts'
import { changes, condition, flagName, handlerName, openingRow, sign } from './parts.ts'
import { duration, type FlagEvent, moment, type Unit } from './unit.ts'

export function showHandlers(unit: Unit): void {
  const { last } = unit
  byId('handler-table').append(
    ...unit.data.handlers.map((handler) => {
      const id = unit.text(handler.id)
      const runs = unit.runs.get(id) ?? []
      const lastRun = runs.at(-1)
      const row = openingRow(
        [
          h('span', {}, h('span', { class: 'strong' }, unit.label(id)), placeOf(unit, id)),
          conditionList(unit, handler),
          h('span', { class: 'flags' }, changed(unit, handler)),
          lastRun === undefined
            ? h('span', { class: 'quiet' }, 'never')
            : h(
                'span',
                {},
                unit.text(lastRun.dispatch.event),
                h('span', { class: 'quiet' }, ` ${moment(lastRun.dispatch.started)}`),
              ),
          h('span', { class: 'number' }, String(runs.length)),
          h(
            'span',
            { class: 'number' },
            runs.length === 0 ? '' : duration(Math.max(...runs.map(({ milliseconds }) => milliseconds))),
          ),
        ],
        { id, label: id, detail: () => handlerDetail(unit, id) },
      )
      row.dataset.search = [
        id,
        ...handler.conditions.map(({ text }) => unit.text(text)),
        ...[...handler.sets, ...handler.clears].map((flag) => unit.text(flag)),
      ].join(' ')
      row.dataset.layer = unit.text(handler.layer)
      const isFailed = runs.some(({ error }) => error !== undefined)
      const isWaiting = handler.conditions.some(({ holds }) => holds === false)
      const ranLast = runs.some(({ dispatch }) => dispatch === last)
      row.dataset.is = [
        ranLast ? 'ran' : '',
        isWaiting ? 'waiting' : '',
        runs.length === 0 ? 'never' : '',
        isFailed ? 'failed' : '',
      ].join(' ')
      return row
    }),
  )
}

function conditionList(unit: Unit, { conditions }: ReportHandler): HTMLElement {
  return h(
    'ul',
    { class: 'conditions' },
    conditions.map(({ text, holds }) => condition(unit.text(text), holds)),
  )
}

function changed(unit: Unit, { sets, clears }: ReportHandler): HTMLElement {
  const item = (set: boolean) => (flag: number) =>
    h('li', { class: set ? 'set' : 'cleared' }, sign(set), flagName(unit.text(flag)))
  return h('ul', { class: 'changes' }, sets.map(item(true)), clears.map(item(false)))
}

function handlerDetail(unit: Unit, id: string): HTMLElement {
  const runs = [...(unit.runs.get(id) ?? [])].reverse()
  if (runs.length === 0) return h('p', { class: 'quiet' }, 'It ran in none of the kept dispatches.')
  return h(
    'ol',
    { class: 'history' },
    runs.map(({ dispatch, at, milliseconds, changes: made, error }) =>
      h(
        'li',
        {},
        h('span', { class: 'when' }, moment(dispatch.started, true)),
        h('span', {}, ` ${unit.text(dispatch.event)}, after ${duration(at)}, for ${duration(milliseconds)}`),
        changes(unit, made),
        error !== undefined && h('p', { class: 'error' }, unit.text(error)),
      ),
    ),
  )
}

export function showFlags(unit: Unit): void {
  byId('flag-table').append(
    ...unit.data.flags.map((flag) => {
      const name = unit.text(flag.name)
      const history = unit.histories.get(name) ?? []
      const last = (set: boolean) => history.findLast((event) => event.set === set)
      const row = openingRow(
        [
          h('span', { class: 'flag' }, name),
          h('span', { class: flag.set ? 'state on' : 'state off' }, flag.set ? 'set' : 'not set'),
          author(unit, last(true)),
          author(unit, last(false)),
          h('div', {}, waiting(unit, flag)),
        ],
        { id: name, label: name, detail: () => flagDetail(unit, flag, history) },
      )
      row.dataset.search = [name, ...[...flag.waits, ...flag.waitsNot].map((id) => unit.text(id))].join(' ')
      row.dataset.is = [
        flag.set ? 'set' : 'unset',
        !flag.set && flag.waits.length > 0 ? 'missing' : '',
        history.length > 0 ? 'changed' : '',
      ].join(' ')
      return row
    }),
  )
}

function author(unit: Unit, event: FlagEvent | undefined): HTMLElement | undefined {
  if (event === undefined) return undefined
  const who = event.isHandler ? handlerName(unit, event.by) : h('span', {}, event.by)
  return h('span', {}, who, h('span', { class: 'quiet' }, ` ${moment(event.at)}`))
}

function waiting(unit: Unit, { waits, waitsNot }: ReportFlag): HTMLElement[] {
  const list = (ids: readonly number[], title: string) =>
    ids.length === 0
      ? []
      : [
          h(
            'div',
            {},
            title !== '' && h('span', { class: 'quiet' }, title),
            h(
              'ul',
              { class: 'names' },
              ids.map((id) => h('li', {}, handlerName(unit, unit.text(id)))),
            ),
          ),
        ]
  return [...list(waits, ''), ...list(waitsNot, 'for its absence: ')]
}

function flagDetail(unit: Unit, { automatic }: ReportFlag, history: readonly FlagEvent[]): HTMLElement {
  return h(
    'div',
    {},
    automatic !== undefined && h('p', {}, `Set by the engine when ${unit.text(automatic)}.`),
    history.length === 0 && h('p', { class: 'quiet' }, 'It did not change in the kept dispatches.'),
    h(
      'ol',
      { class: 'history' },
      [...history]
        .reverse()
        .map((event) =>
          h(
            'li',
            { class: event.set ? 'set' : 'cleared' },
            sign(event.set),
            h('span', { class: 'when' }, moment(event.at, true)),
            ' ',
            author(unit, event),
            event.trigger !== undefined && h('span', { class: 'quiet' }, ` trigger on ${event.trigger}`),
            event.dispatch !== undefined &&
              h('span', { class: 'quiet' }, ` in ${unit.text(event.dispatch.event)}`),
          ),
        ),
    ),
  )
}
