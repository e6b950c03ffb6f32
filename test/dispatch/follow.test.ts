import { expect, it } from 'vitest'
import { follow } from '../../src/dispatch/follow.ts'
import { Tracer } from '../../src/dispatch/trace.ts'
import { makeDir, openState } from '../test-unit.ts'

it('gives the last records, and then each that lands, of which only what is wanted', async () => {
  const path = `${makeDir()}/state.db`
  const [writer, reader] = [await openState({ path }), await openState({ path })]
  const land = (event: string, status = 0) =>
    writer.commit({ row: { ...new Tracer(event, 'app/0').end(status) }, keep: 20 })
  for (const event of ['install', 'start', 'config-changed']) await land(event)
  const records = follow(reader, { last: 2, failed: false })
  const next = async () => (await records.next()).value?.event
  expect([await next(), await next()]).toEqual(['start', 'config-changed'])
  const waiting = next()
  await land('update-status')
  expect(await waiting).toBe('update-status')
  const failed = follow(reader, { last: 5, failed: true })
  const first = failed.next()
  await land('stop', 1)
  expect((await first).value).toMatchObject({ event: 'stop', status: 1 })
})
