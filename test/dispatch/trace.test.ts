import { expect, it } from 'vitest'
import { formatTraces, Tracer } from '../../src/dispatch/trace.ts'

it('records what happened where, and prints it', async () => {
  const tracer = new Tracer('install', 'app/0')
  tracer.flagChanged('config.changed', true)
  tracer.iteration('hooks', 0)
  tracer.tested('a:f', { matches: true, answers: [{ condition: '@hook install', holds: true }] })
  tracer.tested('a:g', { matches: false, answers: [{ condition: '@when x', holds: false }] })
  await tracer.runs('a:f', async () => tracer.flagChanged('x', true))
  tracer.iteration('other', 0)
  await expect(tracer.runs('a:g', async () => Promise.reject(new Error('broken')))).rejects.toThrow('broken')
  tracer.flagChanged('config.changed', false)
  const record = tracer.end(3, 'it failed')
  expect(JSON.parse(JSON.stringify(record))).toMatchObject({
    event: 'install',
    unit: 'app/0',
    status: 3,
    error: 'it failed',
    changes: [{ flag: 'config.changed', set: true }],
    changesAtEnd: [{ flag: 'config.changed', set: false }],
  })
  const text = formatTraces([record])
    .replace(/[\d.]+ ms/g, 'N ms')
    .replace(record.started, 'THEN')
  expect(text).toMatchInlineSnapshot(`
    "THEN app/0 install: status 3, N ms
      set config.changed
      failed: it failed
      hooks 0
        match a:f: @hook install yes
        no    a:g: @when x no
        ran   a:f, N ms
          set x
      other 0
        ran   a:g, N ms: broken
      cleared config.changed
    "
  `)
  expect(formatTraces([])).toBe('')
})
