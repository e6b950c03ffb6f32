// Slips of the pen that used to be silent, through the whole engine.

import { describe, expect, it } from 'vitest'
import { ask, bash, lines, remarks, startUnit, upgrade } from './charm.ts'

describe('an unknown option', () => {
  it('in layer.yaml is a warning, until the next one is another', async () => {
    const unit = await startUnit({
      'layer.yaml': 'options: {reactive: {strct: true}}\n',
      'reactive/app.sh': bash('@when never\nf() { :; }'),
    })
    const warning = 'WARNING layer.yaml: no such option of layer reactive: strct: did you mean strict?'
    expect(remarks(await unit.run({ name: 'install' }))).toEqual([warning])
    expect(remarks(await unit.run({ name: 'start' }))).toEqual([warning.replace('WARNING', 'DEBUG')])
    upgrade(unit, { 'layer.yaml': 'options: {reactive: {strict: true}}\n' })
    expect(remarks(await unit.run({ name: 'upgrade-charm' }))).toEqual([])
  })

  it('of the configuration is an error of config_get, and of config in JavaScript', async () => {
    const unit = await startUnit({
      'config.yaml': 'options: {port: {type: int, default: 80}, none: {type: string}}\n',
      'reactive/app.sh': bash(
        '@hook install\nf() { config_get prot 2>said; echo "$? $(config_get port) [$(config_get none)]" >>said; }',
      ),
      'reactive/b.mjs': `import { config, hook } from 'charms.reactive'
hook('start', function g() { if (config('none') === null) config('prot') })
`,
    })
    expect((await unit.run({ name: 'install' })).exitStatus).toBe(0)
    const message = 'config.yaml has no such option: prot: did you mean port?'
    expect(lines(unit, 'said')).toEqual([`charms.reactive: config_get: ${message}`, '2 80 []'])
    expect(remarks(await unit.run({ name: 'start' }))).toEqual([
      `ERROR handler reactive/b.mjs:g failed with status 1 at reactive/b.mjs:2: ${message}`,
    ])
  })
})

describe('a mark', () => {
  it('is listed by get_marks and by state show, and is forgotten by the name of its function', async () => {
    const unit = await startUnit({ 'reactive/app.sh': bash('@only_once\nmigrate() { echo x >>ran; }') })
    await unit.run({ name: 'install' })
    expect(await ask(unit, 'get_marks')).toBe('reactive/app.sh:migrate\n')
    expect(await ask(unit, 'state', 'show')).toContain('marks:\n  reactive/app.sh:migrate\n')
    await ask(unit, 'forget', 'migrate')
    expect(await ask(unit, 'get_marks')).toBe('')
    expect(await unit.command(['charms.reactive', 'forget', 'migrate'])).toMatchObject({
      exitStatus: 2,
      stderr: 'charms.reactive: forget: no such mark: migrate: get_marks lists them\n',
    })
    await unit.run({ name: 'start' })
    expect(lines(unit, 'ran')).toEqual(['x', 'x'])
  })
})

describe('an executable that crashes while it is asked', () => {
  it.each([
    ['Python', '#!/usr/bin/env python3\nimport sys\nraise KeyError("x")\n', "KeyError: 'x'"],
    ['JavaScript', `#!${process.execPath}\nnull.x\n`, 'TypeError: Cannot read properties of null'],
  ])('in %s is a no with a warning, for which it says the reason', async (_, text, reason) => {
    const unit = await startUnit({ 'reactive/ask': text })
    const result = await unit.run({ name: 'install' })
    expect(result.exitStatus).toBe(0)
    expect(remarks(result)[0]).toContain(
      `WARNING reactive/ask --test exited with status 1 after a traceback, which counts as no: ${reason}`,
    )
    expect(result.stderr).toMatch(/Traceback|TypeError/)
  })

  it('is a silent no where it says something else on stderr', async () => {
    const unit = await startUnit({ 'reactive/ask': '#!/bin/sh\necho "not yet" >&2\nexit 1\n' })
    const result = await unit.run({ name: 'install' })
    expect(remarks(result)).toEqual([])
    expect(result.stderr).toBe('not yet\nnot yet\n')
  })
})
