// The script of a report's page: reads the data, fills the views, and ties search, filters, keys and addresses together.

import type { ReportData } from '../data.ts'
import { showDispatches } from './dispatches.ts'
import { byId, h } from './dom.ts'
import { GraphView } from './graph.ts'
import { showFlags, showHandlers } from './tables.ts'
import { moment, Unit } from './unit.ts'

const VIEWS = ['dispatches', 'handlers', 'flags', 'graph'] as const
type View = (typeof VIEWS)[number]

const unit = new Unit(JSON.parse(byId('data').textContent ?? '') as ReportData)
const search = byId('search') as HTMLInputElement
const layers = byId('layer') as HTMLSelectElement
const graph = new GraphView(unit)

/** The view that is shown. */
const current = (): View => VIEWS.find((name) => byId(name).classList.contains('shown')) ?? 'dispatches'

function fillHead(): void {
  const { data, last } = unit
  document.title = `${data.unit} — charms.reactive`
  byId('unit').textContent = data.unit
  const set = data.flags.filter((flag) => flag.set).length
  const failed = data.dispatches.filter(({ status }) => status !== 0).length
  byId('facts').replaceChildren(
    ...[
      data.charm === '' ? '' : `charm ${data.charm}`,
      `${data.handlers.length} handlers`,
      `${set} flags set`,
      `${data.dispatches.length} dispatches${failed === 0 ? '' : `, ${failed} failed`}`,
      last === undefined ? '' : `last ${unit.text(last.event)} at ${moment(last.started, true)}`,
    ]
      .filter((fact) => fact !== '')
      .map((fact) => h('li', {}, fact)),
  )
  byId('made').textContent = `Made by charms.reactive ${data.version} at ${moment(data.made, true)}`
  byId('notices').replaceChildren(...data.notices.map((notice) => h('p', { role: 'note' }, notice)))
  const names = [...new Set(data.handlers.map(({ layer }) => unit.text(layer)))].sort()
  layers.append(...names.map((name) => h('option', { value: name }, name)))
  byId('layer-field').hidden = names.length < 2
}

/** Show the rows that have all the words, are of the layer, and are what the view's filter says. */
function filter(): void {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean)
  for (const name of VIEWS) {
    const panel = byId(name)
    const wanted = panel.querySelector<HTMLInputElement>('input[type=radio]:checked')?.value ?? ''
    const rows = [...panel.querySelectorAll<HTMLElement>('[data-search]')]
    for (const row of rows) row.hidden = !isShown(row, words, wanted)
    const shown = rows.filter((row) => !row.hidden).length
    const count = panel.querySelector('.count')
    if (count !== null) count.textContent = shown === rows.length ? `${shown}` : `${shown} of ${rows.length}`
    panel.querySelector('.none')?.toggleAttribute('hidden', shown > 0)
  }
  graph.search(search.value.toLowerCase().trim())
}

function isShown({ dataset }: HTMLElement, words: readonly string[], wanted: string): boolean {
  const text = dataset.search?.toLowerCase() ?? ''
  if (!words.every((word) => text.includes(word))) return false
  if (layers.value !== '' && dataset.layer !== undefined && dataset.layer !== layers.value) return false
  return wanted === '' || dataset.is === undefined || dataset.is.split(' ').includes(wanted)
}

function show(next: View): void {
  for (const name of VIEWS) {
    byId(name).classList.toggle('shown', name === next)
    const tab = byId(`tab-${name}`)
    tab.setAttribute('aria-selected', String(name === next))
    tab.tabIndex = name === next ? 0 : -1
  }
  if (next === 'graph') graph.fit()
}

/** `#/flags/app.ready`: a view, and in it one thing. */
function go(): void {
  const [, name = '', about = ''] = /^#\/([a-z]+)(?:\/(.*))?$/s.exec(location.hash) ?? []
  const next = VIEWS.find((known) => known === name)
  show(next ?? current())
  if (next === undefined || about === '') return
  const subject = decodeURIComponent(about)
  if (next === 'graph') graph.lookAtName(subject)
  const row = byId(next).querySelector<HTMLElement>(`tbody[data-id="${CSS.escape(subject)}"]`)
  if (row === null) return
  row.hidden = false
  row.dispatchEvent(new Event('open'))
  row.scrollIntoView({ block: 'center' })
  row.querySelector<HTMLElement>('button')?.focus({ preventScroll: true })
}

function onKey(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return
  const isTyping = event.target instanceof HTMLInputElement && event.target.type === 'search'
  if (event.key === 'Escape' && isTyping) {
    search.value = ''
    filter()
    search.blur()
  }
  if (isTyping || event.target instanceof HTMLSelectElement) return
  const byNumber = VIEWS[Number(event.key) - 1]
  if (event.key === '/') {
    event.preventDefault()
    search.focus()
    search.select()
  } else if (byNumber !== undefined) location.hash = `#/${byNumber}`
  else if (event.key === 'j' || event.key === 'k') stepRows(event.key === 'j' ? 1 : -1)
}

/** The next row that is shown, from the one that has the focus. */
function stepRows(step: 1 | -1): void {
  const buttons = [...byId(current()).querySelectorAll<HTMLElement>('tbody:not([hidden]) .opener')]
  const at = buttons.indexOf(document.activeElement as HTMLElement)
  const next = buttons[at < 0 ? (step > 0 ? 0 : buttons.length - 1) : at + step]
  next?.focus()
  next?.scrollIntoView({ block: 'nearest' })
}

function onTabKey(event: KeyboardEvent): void {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
  if (step === undefined) return
  const next = VIEWS[(VIEWS.indexOf(current()) + step + VIEWS.length) % VIEWS.length] ?? 'dispatches'
  location.hash = `#/${next}`
  byId(`tab-${next}`).focus()
}

/** The reader's choice, for as long as the page is open; else that of the system. */
function switchScheme(): void {
  const { dataset } = document.documentElement
  const isDark =
    dataset.scheme === undefined
      ? matchMedia('(prefers-color-scheme: dark)').matches
      : dataset.scheme === 'dark'
  dataset.scheme = isDark ? 'light' : 'dark'
}

fillHead()
showDispatches(unit, (dispatch) => graph.mark(dispatch))
showHandlers(unit)
showFlags(unit)
graph.lookAt(undefined)
filter()
search.addEventListener('input', filter)
layers.addEventListener('change', filter)
for (const radio of document.querySelectorAll('input[type=radio]')) radio.addEventListener('change', filter)
for (const name of VIEWS) byId(`tab-${name}`).addEventListener('click', () => (location.hash = `#/${name}`))
byId('tabs').addEventListener('keydown', onTabKey)
byId('scheme').addEventListener('click', switchScheme)
document.addEventListener('keydown', onKey)
addEventListener('hashchange', go)
go()
