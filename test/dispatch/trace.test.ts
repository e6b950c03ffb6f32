import { expect, it } from 'vitest'
import { Tracer } from '../../src/dispatch/trace.ts'
import { aboutHandler, formatTraces } from '../../src/dispatch/trace-text.ts'

it('records what happened where, and prints it', async () => {
  const tracer = new Tracer('install', 'app/0')
  tracer.flagChanged('config.changed', true)
  tracer.iteration('hooks', 0)
  tracer.tested('a:f', { matches: true, answers: [{ condition: '@hook install', holds: true }] })
  tracer.tested('a:g', { matches: false, answers: [{ condition: '@when x', holds: false }] })
  await tracer.runs('a:f', async () => {
    tracer.flagChanged('x', true)
    tracer.flagChanged('y', false, '+x')
  })
  tracer.iteration('other', 0)
  const broken = tracer.runs(
    'a:g',
    () => Promise.reject(new Error('broken')),
    () => 'two\nlines',
  )
  await expect(broken).rejects.toThrow('broken')
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
          cleared y (trigger on +x)
      other 0
        ran   a:g, N ms: broken
          | two
          | lines
      cleared config.changed
    "
  `)
  expect(formatTraces([])).toBe('')
})

it('tells what a condition lacks, and which handler took it', async () => {
  const tracer = new Tracer('install', 'app/0')
  tracer.iteration('other', 0)
  const lacking = (unset: string[], set: string[] = []) => ({
    matches: false,
    answers: [{ condition: '@when a b', holds: false, unset, set }],
  })
  tracer.tested('f.sh:f', lacking(['a', 'b']))
  await tracer.runs('g.sh:clears', async () => {
    tracer.flagChanged('a', false)
    tracer.flagChanged('__proto__', true)
  })
  tracer.flagChanged('b', false)
  tracer.tested('f.sh:f', lacking(['a', 'b'], ['__proto__']))
  tracer.tested('f.sh:h', {
    matches: false,
    answers: [{ condition: '@when_file_changed /x /y', holds: false, unchanged: ['/x', '/y'] }],
  })
  tracer.late('f.sh:late', ['a'])
  const record = JSON.parse(JSON.stringify(tracer.end(0)))
  const text = formatTraces([record]).split('\n').slice(2)
  expect(text.filter((line) => !line.includes('ran'))).toEqual([
    '    no    f.sh:f: @when a b no (a not set, b not set)',
    '    no    f.sh:f: @when a b no (a cleared by g.sh:clears, b not set, __proto__ set by g.sh:clears)',
    '    no    f.sh:h: @when_file_changed /x /y no (/x unchanged, /y unchanged)',
    '      cleared a',
    '      set __proto__',
    '    late  f.sh:late: a changed in this phase, which tests each handler once',
    '  cleared b',
    '',
  ])
  expect(record.iterations[0].tested[1].answers[0].by).toEqual(
    JSON.parse('{"a":"g.sh:clears","__proto__":"g.sh:clears"}'),
  )
})

it('is narrowed to a handler, which must be one', async () => {
  const record = (...handlers: string[]) => {
    const tracer = new Tracer('install', 'app/0')
    for (const handler of handlers) {
      tracer.iteration('other', 0)
      tracer.tested(handler, { matches: false, answers: [] })
    }
    return tracer.end(0)
  }
  const records = [record('a.sh:f', 'a.sh:g'), record('a.sh:g')]
  const shown = aboutHandler(records, 'f')
  expect(shown).toHaveLength(1)
  expect(shown[0]?.iterations.map(({ tested }) => tested[0]?.handler)).toEqual(['a.sh:f'])
  expect(aboutHandler(records, 'a.sh:g')).toHaveLength(2)
  expect(() => aboutHandler([record('a.sh:migrate')], 'migrte')).toThrow(
    'no recorded dispatch has such a handler: migrte: did you mean migrate?',
  )
})
