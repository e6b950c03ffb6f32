import fs from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { logThrough, openLog } from '../../src/juju/log.ts'
import { bareEnv, makeCharm, makeDir, runCli, writeFiles } from '../test-unit.ts'

const TOOL = '#!/bin/bash\nsleep 0.0$((RANDOM % 5))\nprintf "%s|" "$@" >>"$LOGGED"\necho >>"$LOGGED"\n'

it('hands messages to juju-log, one call after the other', async () => {
  const dir = makeDir()
  writeFiles(dir, { 'juju-log': TOOL })
  const env = { JUJU_CONTEXT_ID: 'x', PATH: `${dir}:${process.env.PATH}`, LOGGED: path.join(dir, 'log') }
  const log = openLog(env)
  log.debug('one')
  log.info('-l two\nlines')
  log.warning('three \0')
  log.error(`four ${'x'.repeat(200_000)}`)
  await log.flush()
  const text = fs.readFileSync(env.LOGGED, 'utf8')
  expect(text.slice(0, 90)).toMatch(
    /^-l\|DEBUG\|--\|one\|\n-l\|INFO\|--\|-l two\nlines\|\n-l\|WARNING\|--\|three \\0\|\n-l\|ERROR\|--\|four x+/,
  )
  expect(text.length).toBeLessThan(31_000)
})

it('hands over together what was said at one level during a call', async () => {
  const dir = makeDir()
  writeFiles(dir, { 'juju-log': TOOL })
  const env = { JUJU_CONTEXT_ID: 'x', PATH: `${dir}:${process.env.PATH}`, LOGGED: path.join(dir, 'log') }
  const log = openLog(env)
  log.info('one')
  await new Promise((resolve) => setTimeout(resolve, 1))
  for (const text of ['two', 'three']) log.info(text)
  log.warning('four')
  for (const text of ['five', 'x'.repeat(29_998), 'six']) log.info(text)
  await log.flush()
  const text = fs.readFileSync(env.LOGGED, 'utf8').replace(/x{9,}/, 'X')
  const calls = ['one', 'two\nthree', 'four', 'five', 'X', 'six'].map((lines) => `--|${lines}|\n`)
  expect(text.replace(/^-l\|\w+\|/gm, '')).toBe(calls.join(''))
})

it('keeps the order of messages', async () => {
  const seen: string[] = []
  const log = logThrough(async (level, message) => {
    await new Promise((resolve) => setTimeout(resolve, message === 'first' ? 20 : 0))
    seen.push(`${level} ${message}`)
  })
  log.info('first')
  log.error('second')
  await log.flush()
  expect(seen).toEqual(['INFO first', 'ERROR second'])
})

it('goes to stderr where there is no juju-log', async () => {
  const charm = makeCharm({ 'reactive/near.sh': 'x\n' })
  const { PATH = '' } = bareEnv(charm)
  const { status, stderr } = await runCli(charm, ['main', 'install'], { env: { JUJU_CONTEXT_ID: 'x', PATH } })
  expect(stderr).toContain('charms.reactive: WARNING: not a handler file: reactive/near.sh')
  expect(stderr).not.toContain('DEBUG')
  expect([0, 3]).toContain(status)
})
