// Pieces that several views share: names that lead to a handler or a flag, changes of flags, conditions.

import type { ReportChange } from '../data.ts'
import { h } from './dom.ts'
import type { Unit } from './unit.ts'

/** Where a view of one thing is: `#/handlers/reactive/app.sh:configure`. */
export const addressOf = (view: string, name: string) => `#/${view}/${encodeURIComponent(name)}`

export function handlerName(unit: Unit, id: string): HTMLElement {
  return h('a', { class: 'name', href: addressOf('handlers', id), title: id }, unit.label(id))
}

export function flagName(flag: string): HTMLElement {
  return h('a', { class: 'flag', href: addressOf('flags', flag) }, flag)
}

/** `+ flag` and `− flag`, said in words to who listens. */
export function changes(unit: Unit, all: readonly ReportChange[]): HTMLElement | undefined {
  if (all.length === 0) return undefined
  const items = all.map(([set, flag, trigger]) =>
    h(
      'li',
      { class: set === 1 ? 'set' : 'cleared' },
      sign(set === 1),
      flagName(unit.text(flag)),
      trigger !== undefined && h('span', { class: 'quiet' }, ` trigger on ${unit.text(trigger)}`),
    ),
  )
  return h('ul', { class: 'changes', 'aria-label': 'changes of flags' }, items)
}

export function sign(set: boolean): HTMLElement {
  return h(
    'span',
    { class: 'sign' },
    h('span', { 'aria-hidden': 'true' }, set ? '+' : '−'),
    h('span', { class: 'aloud' }, set ? 'set ' : 'cleared '),
  )
}

/** A condition with its answer; its flags lead to what is known of them. */
export function condition(text: string, holds: boolean | undefined, reason = ''): HTMLElement {
  const [name = '', ...words] = text.split(' ')
  const isOfFlags = /^@when(_all|_any|_not|_none|_not_all)?$/.test(name)
  const mark = holds === undefined ? '·' : holds ? '✓' : '✗'
  const aloud = holds === undefined ? '' : holds ? 'holds: ' : 'does not hold: '
  return h(
    'li',
    { class: `condition ${holds === undefined ? '' : holds ? 'holds' : 'fails'}` },
    h('span', { class: 'mark', 'aria-hidden': 'true' }, mark),
    aloud !== '' && h('span', { class: 'aloud' }, aloud),
    h('span', { class: 'decorator' }, name),
    words.map((word) => [' ', isOfFlags ? flagName(word) : h('span', {}, word)]),
    reason !== '' && h('span', { class: 'reason' }, reason),
  )
}

/** A table whose rows open: the head row is a button, what it opens comes when it is first asked for. */
export function openingRow(
  cells: readonly (HTMLElement | string | undefined)[],
  { id, label, detail }: { id: string; label: string; detail: () => HTMLElement },
): HTMLTableSectionElement {
  const below = h('tr', { class: 'detail', hidden: true }, h('td', { colspan: String(cells.length + 1) }))
  const button = h('button', {
    type: 'button',
    class: 'opener',
    'aria-expanded': 'false',
    'aria-label': `details of ${label}`,
  })
  const toggle = (open = button.getAttribute('aria-expanded') !== 'true') => {
    button.setAttribute('aria-expanded', String(open))
    below.hidden = !open
    const cell = below.firstElementChild
    if (open && cell?.childElementCount === 0) cell.append(detail())
  }
  const row = h(
    'tr',
    {
      onclick: (event) => {
        const { target } = event
        if (target instanceof Element && target.closest('a') === null && String(getSelection()) === '')
          toggle()
      },
    },
    h('td', { class: 'open' }, button),
    cells.map((cell, index) => (index === 0 ? h('th', { scope: 'row' }, cell) : h('td', {}, cell))),
  )
  const body = h('tbody', { 'data-id': id }, row, below)
  body.addEventListener('open', () => toggle(true))
  return body
}
