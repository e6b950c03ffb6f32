// The page of a report without a browser: nothing of the charm is markup, and it stays small. In a browser:
// test/conformance/report.test.ts.

import { describe, expect, it } from 'vitest'
import { Tracer } from '../../src/dispatch/trace.ts'
import type { ReportData } from '../../src/insight/report/data.ts'
import { reportPage, type Subject } from '../../src/insight/report.ts'
import { madeModel } from './made-model.ts'

const EVIL = '</script><img src=x onerror=alert(1)>"\u2028<!--'

function subject(handlers: number, tests = 0): Subject {
  const model = madeModel(
    Array.from({ length: handlers }, (_, n) => ({
      id: `reactive/layer-${n % 7}.sh:configure_service_${n}`,
      on: [`when service.${n}.available endpoint.database.joined`, `when_not service.${n}.ready`],
      does: [`set service.${n}.ready`],
    })),
  )
  const dispatches = Array.from({ length: 20 }, () => {
    const tracer = new Tracer('update-status', 'app/0')
    for (let iteration = 0; iteration < tests; iteration++) {
      tracer.iteration('other', iteration)
      for (const { id } of model.handlers)
        tracer.tested(id, {
          matches: false,
          answers: [{ condition: `@when ${id}.available`, holds: false, unset: [`${id}.${iteration}`] }],
        })
    }
    return tracer.end(0)
  })
  return {
    unit: 'app/0',
    model,
    dispatches,
    outside: [],
    flags: [EVIL, 'service.1.ready'],
    made: new Date(0),
  }
}

const dataOf = (page: string): ReportData =>
  JSON.parse(/<script id="data" type="application\/json">([\s\S]*?)<\/script>/.exec(page)?.[1] ?? '')

describe('the page', () => {
  it('has every name as data, and nothing of it as markup', async () => {
    const model = madeModel([{ id: `reactive/a.sh:${EVIL}`, on: [`when ${EVIL}`] }], { name: EVIL })
    const page = await reportPage({ ...subject(0), unit: EVIL, model })
    expect(page).not.toContain('<img')
    expect(page.match(/<script/g)).toHaveLength(2)
    expect(page.match(/<\/script>/g)).toHaveLength(2)
    expect(dataOf(page).texts).toContain(EVIL)
    expect(dataOf(page).unit).toBe(EVIL)
  })

  it('lets no script and no style run but its own, and asks for nothing', async () => {
    const page = await reportPage(subject(1))
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1]
    expect(policy).toMatch(
      /^default-src 'none'; script-src 'sha256-[^']+'; style-src 'sha256-[^']+'; base-uri 'none'; form-action 'none'$/,
    )
    expect(page).not.toMatch(/\b(src|href)="(?!#)/)
    expect(page).not.toMatch(/@import|url\((?!#)/)
  })

  it('stays below a megabyte, and says what it leaves out', { timeout: 60_000 }, async () => {
    const page = await reportPage(subject(300, 12))
    expect(Buffer.byteLength(page)).toBeLessThan(1_000_000)
    const { dispatches, handlers } = dataOf(page)
    expect(handlers).toHaveLength(300)
    expect(dispatches).toHaveLength(20)
    expect(dispatches[0]?.shortened).toBe(true)
  })
})
