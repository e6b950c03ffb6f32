// The tests of bats that are too much for every run: those with the tag `full`, which test/run leaves out, and the
// suite of the example charm, of which it runs one file.

import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { figure, isFull } from '../effort.ts'

const ROOT = path.resolve(import.meta.dirname, '../..')
const TAG = /^# bats test_tags=full$/gm
const files = fs.readdirSync(path.join(ROOT, 'bats')).filter((name) => name.endsWith('.bats'))
const count = (name: string, pattern: RegExp) =>
  fs.readFileSync(path.join(ROOT, 'bats', name), 'utf8').match(pattern)?.length ?? 0
const tagged = files.filter((name) => count(name, TAG) > 0)

it('each of these files keeps tests for every run, and no other tag is in use', () => {
  expect(tagged.length).toBeGreaterThan(0)
  for (const name of files) {
    expect([name, count(name, TAG) < count(name, /^@test /gm)]).toEqual([name, true])
    expect([name, count(name, /bats (test|file)_tags/g)]).toEqual([name, count(name, TAG)])
  }
})

it.runIf(isFull).each(tagged)('%s passes', { timeout: 1_800_000 }, (name) => {
  const words = ['--filter-tags', 'full', '--print-output-on-failure', `bats/${name}`]
  const bats = path.join(ROOT, 'node_modules/bats/bin/bats')
  const { status, stdout } = spawnSync(bats, words, { cwd: ROOT, encoding: 'utf8' })
  expect(status, stdout).toBe(0)
  expect(stdout).toContain(`1..${count(name, TAG)}\n`)
  figure(`tests of ${name} with the tag full`, count(name, TAG))
})

it.runIf(isFull)('the suite of examples/guestbook passes', { timeout: 1_800_000 }, () => {
  const bats = path.join(ROOT, 'node_modules/bats/bin/bats')
  const { status, stdout } = spawnSync(bats, ['examples/guestbook/tests'], { cwd: ROOT, encoding: 'utf8' })
  expect(status, stdout).toBe(0)
})
