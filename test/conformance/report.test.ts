// The page of a report in a browser: Debian's chromium, driven by playwright-core.

import fs from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { reportPage, type Subject } from '../../src/insight/report.ts'
import { findExecutable } from '../../src/system/executables.ts'
import { figure, inFull, isFull } from '../effort.ts'
import { madeModel } from '../insight/made-model.ts'
import { madeUnit } from '../insight/made-unit.ts'
import { makeDir } from '../test-unit.ts'

const EVIL = `<img src=x onerror=document.title='owned'>`
const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

let browser: Browser
beforeAll(async () => {
  if (!isFull) return
  const executablePath = findExecutable('chromium', process.env.PATH ?? '')
  if (executablePath === undefined) throw new Error('there is no chromium: apt-get install chromium')
  browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
})
afterAll(() => browser?.close())

/** The page in a browser; what it asks of the network or complains about fails the test. */
async function open(
  subject: Subject,
  colorScheme: 'light' | 'dark' = 'light',
): Promise<{ page: Page; faults: string[] }> {
  const file = path.join(makeDir(), 'report.html')
  const text = await reportPage(subject)
  figure(
    `page of ${subject.model.handlers.length} handlers`,
    `${Math.round(Buffer.byteLength(text) / 1000)} KB`,
  )
  fs.writeFileSync(file, text)
  const page = await browser.newPage({ viewport: { width: 1360, height: 860 }, colorScheme })
  const faults: string[] = []
  page.on('pageerror', ({ message }) => faults.push(message))
  page.on('console', (message) => message.type() === 'error' && faults.push(message.text()))
  page.on('request', (request) => request.url() !== pathToFileURL(file).href && faults.push(request.url()))
  await page.goto(pathToFileURL(file).href)
  return { page, faults }
}

const VIEWS = ['dispatches', 'handlers', 'flags', 'graph']
const shownRows = (page: Page, view: string) => page.locator(`#${view} tbody:not([hidden])`)

inFull('the page of a report in a browser', { timeout: 120_000 }, () => {
  it('finds by words, by layer and by what rows are', async () => {
    const { page, faults } = await open(madeUnit(20))
    await page.keyboard.press('2')
    expect(await shownRows(page, 'handlers').count()).toBe(20)
    await page.keyboard.press('/')
    await page.keyboard.type('install_service')
    expect(await shownRows(page, 'handlers').count()).toBe(1)
    expect(await page.locator('#handlers .count').textContent()).toBe('1 of 20')
    await page.keyboard.press('Escape')
    expect(await shownRows(page, 'handlers').count()).toBe(20)
    await page.getByLabel('Layer').selectOption('layer:nginx')
    expect(await shownRows(page, 'handlers').count()).toBeLessThan(20)
    await page.getByLabel('Layer').selectOption('')
    await page.locator('#handlers label', { hasText: 'waiting' }).click()
    const waiting = await shownRows(page, 'handlers').count()
    expect(waiting).toBe(await page.locator('#handlers tbody[data-is*=waiting]').count())
    await page.locator('#handlers label', { hasText: 'failed' }).click()
    expect(await page.locator('#handlers .none').isVisible()).toBe(true)
    expect(faults).toEqual([])
  })

  it('is used by the keyboard alone, and leads from a handler to its flags and its file', async () => {
    const { page, faults } = await open(madeUnit(20))
    await page.locator('#dispatch-list li').first().focus()
    const first = await page.locator('#dispatch .facts').textContent()
    await page.keyboard.press('ArrowDown')
    expect(await page.locator('#dispatch .facts').textContent()).not.toBe(first)
    await page.keyboard.press('3')
    await page.keyboard.press('j')
    await page.keyboard.press('j')
    await page.keyboard.press('Enter')
    expect(await page.locator('#flags tr.detail:not([hidden])').count()).toBe(1)
    await page.locator('#tab-flags').focus()
    await page.keyboard.press('ArrowRight')
    expect(await page.locator('#graph').isVisible()).toBe(true)
    await page.locator('#n0').focus()
    await page.keyboard.press('Enter')
    expect(await page.locator('#graph-about').textContent()).toMatch(
      /^handler reactive\/basic.sh:\w+, tied to \d+ others$/,
    )
    await page.locator('#graph-about a').click()
    expect(await page.locator('#handlers tr.detail:not([hidden])').count()).toBe(1)
    expect(await page.locator('#handlers .place').first().getAttribute('href')).toMatch(
      /^file:\/\/\/srv\/myapp\/reactive\/.*#L\d+$/,
    )
    await page.goBack()
    expect(await page.locator('#graph').isVisible()).toBe(true)
    expect(faults).toEqual([])
  })

  describe.each(['light', 'dark'] as const)('in the %s scheme', (scheme) => {
    it.each(VIEWS)('has no serious fault of accessibility in %s', async (view) => {
      const { page } = await open(madeUnit(20), scheme)
      await page.goto(`${page.url()}#/${view}`)
      await page.evaluate(fs.readFileSync(AXE, 'utf8'))
      const found = await page.evaluate(async () => {
        const axe = (globalThis as unknown as { axe: { run(): Promise<{ violations: Violation[] }> } }).axe
        return (await axe.run()).violations
      })
      const serious = found.filter(({ impact }) => impact === 'serious' || impact === 'critical')
      expect(
        serious.map(
          ({ id, nodes }) =>
            `${id}: ${nodes
              .map(({ html }) => html)
              .slice(0, 3)
              .join(' ')}`,
        ),
      ).toEqual([])
    })
  })

  it('shows a name that looks like markup as text, wherever it stands', async () => {
    const model = madeModel(
      [{ id: `reactive/a.sh:${EVIL}`, on: [`when ${EVIL}`], does: [`set ${EVIL}`], layer: EVIL }],
      { name: EVIL },
    )
    const dispatch = { ...madeUnit(1).dispatches[0], error: EVIL, event: EVIL }
    const outside = [
      {
        at: '2026-01-01T00:00:00.000Z',
        command: EVIL,
        changes: [{ flag: EVIL, set: true, trigger: `+${EVIL}` }],
      },
    ]
    const { page, faults } = await open({
      ...madeUnit(1),
      unit: EVIL,
      model,
      flags: [EVIL],
      outside,
      dispatches: [dispatch as never],
    })
    for (const view of VIEWS) await page.goto(`${page.url().replace(/#.*/, '')}#/${view}`)
    await page.evaluate(`for (const button of document.querySelectorAll('.opener')) button.click()`)
    expect(await page.locator('img').count()).toBe(0)
    expect(await page.title()).toContain(EVIL)
    expect(await page.locator('#flag-table .flag').allTextContents()).toContain(EVIL)
    expect(faults).toEqual([])
  })

  it('is below a megabyte and at hand in a moment with 500 handlers', async () => {
    const { page, faults } = await open(madeUnit(500))
    await page.keyboard.press('/')
    const milliseconds = Number(
      await page.evaluate(`(() => {
        const input = document.getElementById('search')
        const start = performance.now()
        input.value = 'database.ready'
        input.dispatchEvent(new Event('input'))
        return performance.now() - start
      })()`),
    )
    figure('a search among 500 handlers', `${Math.round(milliseconds)} ms`)
    expect(await page.locator('#handlers tbody:not([hidden])').count()).toBeGreaterThan(0)
    expect(faults).toEqual([])
  })

  it('prints all of its views, but for a graph that is too tall for paper', async () => {
    const { page } = await open(madeUnit(20))
    await page.emulateMedia({ media: 'print' })
    for (const view of VIEWS) expect(await page.locator(`#${view}`).isVisible()).toBe(true)
    const { page: large } = await open(madeUnit(500))
    await large.emulateMedia({ media: 'print' })
    expect(await large.locator('#graph-frame').isVisible()).toBe(false)
    expect(await large.locator('.on-paper').isVisible()).toBe(true)
  })
})

interface Violation {
  id: string
  impact: string
  nodes: { html: string }[]
}
