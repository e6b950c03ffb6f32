// Handlers whose flags come in the very phase that tests each handler once.

import { expect, it } from 'vitest'
import { ask, bash, ran, remarks, startUnit, traces } from '../end-to-end/charm.ts'

it('a hook handler whose flag is set by one above it does not run, and this is said and recorded', async () => {
  const unit = await startUnit({
    'reactive/app.sh': bash(`@hook install
sets() { set_flag x; clear_flag y; }
@hook install
@when x
waits() { :; }
@hook install
@when_not y
waits_too() { :; }
@hook start
@when x
of_another_hook() { :; }
@hook install
@when x never
never() { :; }
`),
  })
  await unit.command(['set_flag', 'y'])
  const result = await unit.run({ name: 'install' })
  expect(ran(result)).toEqual(['reactive/app.sh:sets'])
  const why = 'changed in the same phase, which tests each handler once'
  expect(remarks(result)).toEqual([
    `INFO reactive/app.sh:waits does not run: x ${why}`,
    `INFO reactive/app.sh:waits_too does not run: y ${why}`,
  ])
  const [record] = await traces(unit)
  expect(record?.iterations[0]?.late).toEqual([
    { handler: 'reactive/app.sh:waits', flags: ['x'] },
    { handler: 'reactive/app.sh:waits_too', flags: ['y'] },
  ])
  expect(await ask(unit, 'trace')).toContain(
    'late  reactive/app.sh:waits: x changed in this phase, which tests each handler once',
  )
})

it('the trace tells which flags a handler lacked, who took them, and shows failures alone', async () => {
  const unit = await startUnit({
    'reactive/app.sh': bash(`@when a b c
f() { :; }
@hook start
breaks() { :; }
`),
    'reactive/b.sh': bash('@when a\ntakes() { clear_flag b; }\n@when b\nloses() { :; }'),
  })
  await unit.command(['sh', '-c', 'set_flag a; set_flag b'])
  await unit.run({ name: 'install' })
  const text = await ask(unit, 'trace', '--handler', 'f')
  expect(text).toContain('no    reactive/app.sh:f: @when a b c no (c not set)')
  expect(text).not.toContain('takes:')
  const [record] = JSON.parse(await ask(unit, 'trace', '--format', 'json'))
  expect(record.iterations[1].tested[0].answers).toEqual([
    { condition: '@when a b c', holds: false, unset: ['c'] },
  ])
  expect(await ask(unit, 'trace', '--handler', 'loses')).toContain(
    '@when b no (b cleared by reactive/b.sh:takes)',
  )
  expect(await ask(unit, 'trace', '--failed')).toBe('none of the last 1 dispatches failed\n')
  const unknown = await unit.command(['charms.reactive', 'trace', '--handler', 'lsoes'])
  expect(unknown).toMatchObject({
    exitStatus: 2,
    stderr: 'charms.reactive: trace: no recorded dispatch has such a handler: lsoes: did you mean loses?\n',
  })
})

it('the triggers of the last successful hook hold for an operator as well', async () => {
  const unit = await startUnit({
    'reactive/app.sh': bash('register_trigger --when a --set_flag b\n@hook stop\nfails() { exit 1; }'),
  })
  await unit.command(['set_flag', 'a'])
  expect(await ask(unit, 'get_flags')).toBe('a\n')
  await unit.command(['clear_flag', 'a'])
  await unit.run({ name: 'install' })
  await unit.command(['set_flag', 'a'])
  expect(await ask(unit, 'get_flags')).toBe('a\nb\n')
  await unit.command(['sh', '-c', 'clear_flag a; clear_flag b'])
  // A hook that fails takes none away, one that succeeds without them does.
  expect((await unit.run({ name: 'stop' })).exitStatus).toBe(1)
  await unit.command(['set_flag', 'a'])
  expect(await ask(unit, 'get_flags')).toBe('a\nb\n')
})
