import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { bash, flags, given, lines, ran, remarks, startUnit, traces } from './charm.ts'

const TOGGLE = bash(`
@when_not app.ready
function make_ready() { set_flag app.ready; }

@when app.ready
function unmake() { clear_flag app.ready; set_flag app.was-ready; }

@when app.was-ready
function bystander() { :; }`)

const LOOP =
  /^handlers run in a loop: reactive\/app\.sh:(make_ready, reactive\/app\.sh:unmake|unmake, reactive\/app\.sh:make_ready); flags that alternate: app\.ready$/

/** How long bare Node takes to start here and now, in milliseconds. */
function bareNode(): number {
  const begin = performance.now()
  for (let i = 0; i < 5; i++) execFileSync(process.execPath, ['-e', '0'])
  return (performance.now() - begin) / 5
}

/** A loop may take a second where bare Node takes 41 ms: what a second is differs from machine to machine. */
const BARE_NODES = 24

describe('two handlers that toggle a flag', () => {
  it('are named and stopped before Node could start 24 times, and the hook fails without a trace in the state', async () => {
    const unit = await startUnit({ 'reactive/app.sh': TOGGLE })
    const result = await unit.run({ name: 'install' })
    expect(result.exitStatus).toBe(3)
    expect(remarks(result)).toHaveLength(1)
    const message = remarks(result)[0]?.replace(/^ERROR /, '') ?? ''
    expect(message).toMatch(LOOP)
    expect(result.stderr).toBe('')
    expect(ran(result).length).toBeLessThan(25)
    const [record] = await traces(unit)
    expect(record).toMatchObject({ status: 3, error: message })
    expect(record?.milliseconds).toBeLessThan(BARE_NODES * bareNode())
    expect(flags(unit)).toEqual([])
  })

  it('are a warning where the layer option on_loop says so, and the hook ends well', async () => {
    const unit = await startUnit({
      'reactive/app.sh': TOGGLE,
      'layer.yaml': 'options: {reactive: {on_loop: warn}}\n',
    })
    const result = await unit.run({ name: 'install' })
    expect(result).toMatchObject({ exitStatus: 0, stderr: '' })
    expect(remarks(result)).toHaveLength(1)
    expect(remarks(result)[0]).toMatch(/^WARNING handlers run in a loop: /)
    expect(flags(unit).at(-1)).toBe('app.was-ready')
    const [record] = await traces(unit)
    expect(record?.status).toBe(0)
    expect(record?.milliseconds).toBeLessThan(BARE_NODES * bareNode())
  })

  it('are stopped also when they are foreign executables', async () => {
    const foreign = (mine: string, other: string) => `#!/bin/dash
if [ "$1" = --test ]; then is_flag_set ${mine}; exit; fi
clear_flag ${mine}
set_flag ${other}
`
    const unit = await startUnit({
      'reactive/a': foreign('ping', 'pong'),
      'reactive/b': foreign('pong', 'ping'),
    })
    given(unit, 'ping')
    const result = await unit.run({ name: 'update-status' })
    expect(result.exitStatus).toBe(3)
    expect(remarks(result)[0]).toMatch(
      /^ERROR handlers run in a loop: reactive\/(a, reactive\/b|b, reactive\/a); flags that alternate: (ping, pong|pong, ping)$/,
    )
    expect(flags(unit)).toEqual(['ping'])
  })
})

describe('a long chain that settles', () => {
  it('is no loop, up to 100 iterations', async () => {
    const unit = await startUnit({
      'reactive/app.mjs': `import { hook, registerTrigger, setFlag, when } from 'charms.reactive'
for (let i = 0; i < 90; i++) when('step.' + i, Object.defineProperty(() => setFlag('step.' + (i + 1)), 'name', { value: 'step' + i }))
hook('install', function begin() { setFlag('step.0') })
`,
    })
    const result = await unit.run({ name: 'install' })
    expect(result.exitStatus).toBe(0)
    expect(ran(result)).toHaveLength(91)
    expect(flags(unit)).toHaveLength(91)
  })

  it('is stopped after 100 iterations, and said to be so', async () => {
    const unit = await startUnit({
      'reactive/app.mjs': `import { setFlag, when } from 'charms.reactive'
for (let i = 0; i < 200; i++) when('step.' + i, Object.defineProperty(() => setFlag('step.' + (i + 1)), 'name', { value: 'step' + i }))
`,
    })
    given(unit, 'step.0')
    const result = await unit.run({ name: 'install' })
    expect(result.exitStatus).toBe(3)
    expect(remarks(result)).toEqual(['ERROR 100 iterations did not settle'])
    expect(ran(result)).toHaveLength(100)
    expect(flags(unit)).toEqual(['step.0'])
  })

  it('does not run a handler again whose flags stay true', async () => {
    const unit = await startUnit({
      'reactive/app.sh': bash(`
@when_not never
function once() { echo once >>seen; set_flag other; set_flag other2; clear_flag other2; }

@when other
function then() { echo then >>seen; }`),
    })
    await unit.run({ name: 'install' })
    await unit.run({ name: 'start' })
    expect(lines(unit, 'seen')).toEqual(['once', 'then', 'once', 'then'])
  })
})
