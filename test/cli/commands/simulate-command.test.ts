import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { makeCharm } from '../../simulator/test-charm.ts'
import { simulateWords } from './simulate-words.ts'

describe('charms.reactive simulate', () => {
  it('reads its options wherever they stand', async () => {
    const charm = makeCharm({ dispatch: '#!/bin/bash\nstatus-set active "$(config-get title) $(spy)"\n' })
    fs.writeFileSync(path.join(charm, 'state.json'), '{"unit": "wiki/7"}')
    const options = ['--config', 'title=a=b', '--state', `${charm}/state.json`, '--command', 'spy=echo spied']
    const { status, stdout } = await simulateWords(['--json', charm, ...options, 'install'])
    expect(status).toBe(0)
    expect(JSON.parse(stdout ?? '')).toMatchObject({
      state: { unit: 'wiki/7', status: { unit: { message: 'a=b spied' } } },
    })
  })

  it('tells what happened in each of its events, wherever --explain stands', async () => {
    const charm = makeCharm({ dispatch: '#!/bin/bash\n' })
    const { stdout } = await simulateWords([charm, 'install', '--explain', 'start', '--isolate=false'])
    expect(stdout).toMatch(/^install: ok, .*\n\nstart: ok, /m)
  })

  it('runs what Juju has no event for with --no-check alone', async () => {
    const charm = makeCharm({ dispatch: '#!/bin/bash\n' })
    const words = ['--isolate', 'true', '--isolate', 'false', charm, 'no-such-hook']
    await expect(simulateWords(words)).rejects.toThrow('no-such-hook')
    expect(await simulateWords([...words, '--no-check'])).toMatchObject({ status: 0 })
  })

  it.each([
    [[], 'too few words'],
    [
      ['charm', 'install', '--isolate', 'false', '--isolate', 'maybe'],
      '--isolate takes auto, true or false: maybe',
    ],
    [['charm'], 'too few words'],
    [['charm', 'install', '--config', 'x'], 'OPTION=VALUE: x'],
    [['charm', 'install', '--nonsense'], 'unknown option: --nonsense'],
    [['charm', 'install', '--stat', 'x'], 'unknown option: --stat: did you mean --state?'],
    [['charm', 'install', '--event', 'start'], 'unknown option: --event'],
    [['charm', 'install', '--format', 'csv'], 'unknown format: csv'],
    [['charm', 'install', '--tool-delay', 'long'], '--tool-delay takes milliseconds: long'],
  ])('refuses %j', async (words, message) => {
    await expect(simulateWords(words)).rejects.toThrow(message)
  })
})
