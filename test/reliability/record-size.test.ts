// The size of the unit state after many hooks of a large charm: records of dispatches, which are by far the most of it,
// do not let it grow. Full: 1,000 hooks of a charm with 200 handlers.

import fs from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { endRecord } from '../../src/dispatch/kept-record.ts'
import { Tracer } from '../../src/dispatch/trace.ts'
import { effort, figure, isFull } from '../effort.ts'
import { makeCharm, openState, startSession } from '../test-unit.ts'
import { bash, LiveUnit } from './live-unit.ts'

const MOST = 2_000_000
const HANDLERS = 200

const name = (n: number) => `configure_the_service_number_${n}`
const flags = (n: number) => [`service.${n}.available`, 'endpoint.database.joined', 'config.set.port']

it('stays small whatever a record has in it', { timeout: 60_000 }, async () => {
  const session = await startSession({ charmDir: makeCharm() })
  for (let hook = 0; hook < 60; hook++) {
    const tracer = new Tracer('update-status', 'app/0')
    for (let iteration = 0; iteration < 5; iteration++) {
      tracer.iteration('other', iteration)
      for (let n = 0; n < HANDLERS; n++) {
        const condition = `@when ${flags(n).join(' ')}`
        tracer.tested(`reactive/app.sh:${name(n)}`, {
          matches: false,
          answers: [{ condition, holds: false, unset: flags(n) }],
        })
      }
    }
    await session.state.commit(await endRecord(session, tracer))
  }
  expect(fs.statSync(session.context.statePath).size).toBeLessThan(MOST)
  const state = await openState({ path: session.context.statePath })
  const kept = await state.traces()
  expect(kept.length).toBeGreaterThan(1)
  expect(kept.length).toBeLessThan(20)
})

it('stays small over hooks of 200 handlers', { timeout: isFull ? 3_600_000 : 60_000 }, async () => {
  const text = Array.from(
    { length: HANDLERS },
    (_, n) =>
      `@when ${
        flags(n)
          .slice(0, n % 10 === 0 ? 0 : 3)
          .join(' ') || 'app.ready'
      }\nfunction ${name(n)}() { set_flag done.${n}; }`,
  )
  const unit = new LiveUnit({ 'reactive/app.sh': bash(`set_flag app.ready\n${text.join('\n')}`) })
  const hooks = effort({ sample: 2, full: 1000 })
  for (let hook = 0; hook < hooks; hook++) await unit.run('update-status')
  const { size } = fs.statSync(path.join(unit.charmDir, '.reactive-state.db'))
  figure(`the unit state after ${hooks} hooks of ${HANDLERS} handlers`, `${Math.round(size / 1000)} KB`)
  expect(size).toBeLessThan(MOST)
})
