// The dispatches: a list with times and bars on the left, and on the right what happened in the one that is chosen.

import type { ReportDispatch, ReportIteration, ReportTest } from '../data.ts'
import { byId, h, s } from './dom.ts'
import { changes, condition, handlerName } from './parts.ts'
import { duration, moment, type Run, type Unit } from './unit.ts'

/** Put the list in place. `chosen` is told which dispatch is shown. */
export function showDispatches(unit: Unit, chosen: (dispatch: ReportDispatch) => void): void {
  const all = [...unit.data.dispatches].reverse()
  const longest = Math.max(1, ...all.map(({ milliseconds }) => milliseconds))
  const items = all.map((dispatch, index) => listItem(unit, dispatch, { longest, newer: all[index - 1] }))
  const list = byId('dispatch-list')
  const choose = (index: number, focus = false) => {
    const dispatch = all[index]
    if (dispatch === undefined) return
    items.forEach((item, other) => {
      item.setAttribute('aria-selected', String(other === index))
      item.tabIndex = other === index ? 0 : -1
    })
    if (focus) items[index]?.focus()
    byId('dispatch').replaceChildren(...detail(unit, dispatch))
    chosen(dispatch)
  }
  for (const [index, item] of items.entries()) item.addEventListener('click', () => choose(index))
  list.addEventListener('keydown', (event) => {
    const at = items.findIndex((item) => item.tabIndex === 0)
    const visible = (from: number, step: number) => {
      let next = from + step
      while (items[next]?.hidden) next += step
      return next
    }
    const target = {
      ArrowDown: visible(at, 1),
      ArrowUp: visible(at, -1),
      Home: visible(-1, 1),
      End: visible(items.length, -1),
    }[event.key]
    if (target === undefined) return
    event.preventDefault()
    choose(target, true)
  })
  list.append(...items)
  if (all.length === 0) byId('dispatch').append(h('p', { class: 'empty' }, 'No dispatch is recorded yet.'))
  choose(0)
}

function listItem(
  unit: Unit,
  dispatch: ReportDispatch,
  { longest, newer }: { longest: number; newer: ReportDispatch | undefined },
): HTMLElement {
  const { started, status, milliseconds } = dispatch
  const event = unit.text(dispatch.event)
  const ran = dispatch.iterations.flatMap((iteration) => iteration.ran)
  const day = moment(started, true).slice(0, 10)
  const isOtherDay = newer !== undefined && moment(newer.started, true).slice(0, 10) !== day
  return h(
    'li',
    {
      role: 'option',
      tabindex: '-1',
      class: status === 0 ? '' : 'failed',
      'data-search': [
        event,
        unit.text(dispatch.error ?? -1),
        ...ran.map(({ handler }) => unit.text(handler)),
      ].join(' '),
    },
    h(
      'span',
      { class: 'when' },
      isOtherDay && h('span', { class: 'day' }, moment(started, true).slice(5, 10)),
      moment(started),
    ),
    h(
      'span',
      { class: 'event' },
      event,
      status !== 0 && h('span', { class: 'status' }, ` failed, ${status}`),
    ),
    h('span', { class: 'number' }, duration(milliseconds)),
    bars(ran, { milliseconds, longest }),
  )
}

/** The handlers of a dispatch in its time, on a scale that all share. */
function bars(
  ran: readonly { at: number; milliseconds: number; error?: number }[],
  { milliseconds, longest }: { milliseconds: number; longest: number },
) {
  const x = (time: number) => String(Math.round((time / longest) * 10_000) / 100)
  return s(
    'svg',
    { class: 'bars', viewBox: '0 0 100 4', preserveAspectRatio: 'none', 'aria-hidden': 'true' },
    s('rect', { class: 'whole', x: '0', y: '1.5', width: x(milliseconds), height: '1' }),
    ran.map((run) =>
      s('rect', {
        class: run.error === undefined ? 'run' : 'run bad',
        x: x(run.at),
        y: '0',
        width: String(Math.max(0.4, Number(x(run.milliseconds)))),
        height: '4',
      }),
    ),
  )
}

function detail(unit: Unit, dispatch: ReportDispatch): HTMLElement[] {
  const { started, status, milliseconds, error, hookTools, before, after, iterations } = dispatch
  const part = (title: string, content: HTMLElement | undefined) =>
    content === undefined ? [] : [h('section', { class: 'phase' }, h('h3', {}, title), content)]
  return [
    h(
      'header',
      {},
      h('h2', {}, unit.text(dispatch.event)),
      h(
        'p',
        { class: 'facts' },
        `${moment(started, true)} · ${duration(milliseconds)} · `,
        status === 0 ? 'succeeded' : h('strong', { class: 'bad' }, `failed with status ${status}`),
      ),
    ),
    ...(error === undefined ? [] : [h('p', { class: 'error' }, unit.text(error))]),
    ...(hookTools === undefined ? [] : [toolCalls(unit, hookTools)]),
    ...part('Before the handlers', changes(unit, before)),
    ...iterations.flatMap((iteration) => phase(unit, dispatch, iteration)),
    ...part('At the end', changes(unit, after)),
    ...(dispatch.shortened
      ? [
          h(
            'p',
            { class: 'quiet' },
            'For the size of this page, handlers of this dispatch that did not match are left out.',
          ),
        ]
      : []),
  ]
}

function phase(unit: Unit, dispatch: ReportDispatch, iteration: ReportIteration): HTMLElement[] {
  const { tested, ran, late } = iteration
  const refused = tested.filter(([, matches]) => matches === 0)
  if (ran.length + refused.length + late.length === 0) return []
  const answers = new Map(tested.map((test) => [test[0], test]))
  return [
    h(
      'section',
      { class: 'phase' },
      h(
        'h3',
        {},
        `${unit.text(iteration.phase)} ${iteration.iteration}`,
        h('span', { class: 'quiet' }, ` ran ${ran.length} of ${tested.length} tested`),
      ),
      ran.length > 0 &&
        h(
          'ol',
          { class: 'runs' },
          ran.map((run) => ranItem(unit, { ...run, dispatch, phase: '' }, answers.get(run.handler))),
        ),
      late.map(({ handler, flags }) =>
        h(
          'p',
          { class: 'late' },
          handlerName(unit, unit.text(handler)),
          ` does not run: ${unit.text(flags)} changed in this phase, which tests each handler once`,
        ),
      ),
      refused.length > 0 && notMatching(unit, refused),
    ),
  ]
}

/** What was asked of Juju, and how often that was waited for. */
function toolCalls(unit: Unit, text: number): HTMLElement {
  return h('p', { class: 'quiet' }, `hook tools: ${unit.text(text)}`)
}

function ranItem(unit: Unit, run: Run, test: ReportTest | undefined): HTMLElement {
  const { dispatch, at, milliseconds, hookTools, error, output } = run
  return h(
    'li',
    { 'data-search': unit.text(run.handler) },
    h(
      'div',
      { class: 'line' },
      handlerName(unit, unit.text(run.handler)),
      placeOf(unit, unit.text(run.handler)),
      h('span', { class: 'number' }, duration(milliseconds)),
      bars([run], { milliseconds: dispatch.milliseconds, longest: dispatch.milliseconds }),
    ),
    test !== undefined && conditions(unit, test),
    hookTools !== undefined && toolCalls(unit, hookTools),
    changes(unit, run.changes),
    error !== undefined && h('p', { class: 'error' }, unit.text(error)),
    output !== undefined && h('pre', { class: 'output' }, unit.text(output)),
    h('span', { class: 'aloud' }, `began after ${duration(at)}`),
  )
}

export function placeOf(unit: Unit, id: string): HTMLElement | undefined {
  const handler = unit.handlers.get(id)
  return handler && h('a', { class: 'place', href: handler.link }, unit.text(handler.place))
}

function conditions(unit: Unit, [, , ...answers]: ReportTest): HTMLElement {
  return h(
    'ul',
    { class: 'conditions', 'aria-label': 'conditions' },
    answers.map(([text, holds, reason]) =>
      condition(unit.text(text), holds === 1, reason === undefined ? '' : unit.text(reason)),
    ),
  )
}

/** Handlers that did not match: many, so that they are made when they are asked for. */
function notMatching(unit: Unit, tests: readonly ReportTest[]): HTMLElement {
  const list = h('ul', { class: 'refused' })
  const details = h('details', {}, h('summary', {}, `${tests.length} did not match`), list)
  details.addEventListener('toggle', () => {
    if (list.childElementCount > 0) return
    list.append(
      ...tests.map((test) => h('li', {}, handlerName(unit, unit.text(test[0])), conditions(unit, test))),
    )
  })
  return details
}
