// A dispatch is killed at any moment, and at every call of it that touches the unit state. The state afterwards
// is that of before or that of after, and the next hook goes on from there.

import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { effort, figure, isFull, random, sampled } from '../effort.ts'
import { diskEnv, readCalls } from './crash-safety/disk.ts'
import { expectSurvival, forAll, HOOK, startOn, UNIT_NAMES, withUnit } from './crash-safety/survival.ts'
import { endOf, launch, makeDir, run } from './crash-safety/unit.ts'

const SET_FLAG = ['set_flag', 'operator']
const TIMEOUT = isFull ? 3_600_000 : 600_000

/** Counts what came out, for the figures. */
class Tally {
  readonly counts = new Map<string, number>()
  longest = 0

  add([which, lived]: [string, number]): void {
    this.counts.set(which, (this.counts.get(which) ?? 0) + 1)
    this.longest = Math.max(this.longest, lived)
  }

  print(subject: string): void {
    for (const [which, count] of this.counts) figure(`${subject}, the state was that of ${which}`, count)
    figure(`${subject}, the longest that a process lived on`, `${Math.round(this.longest)} ms`)
  }
}

describe('a hook that is killed at any moment leaves the state of before or of after', () => {
  it.each(sampled(['the dispatcher alone', 'its whole process group'], 1))(
    '%s',
    { timeout: TIMEOUT },
    async (whom) => {
      const start = await startOn('a unit with a state')
      const tally = new Tally()
      const choice = random(whom.length)
      const begin = performance.now()
      await withUnit(start, async (unit) => void (await run(unit, HOOK)))
      const duration = performance.now() - begin
      const moments = Array.from(
        { length: effort({ sample: 1, full: 500 }) },
        () => choice.next() * duration * 1.2,
      )
      await forAll(moments, (moment) =>
        withUnit(start, async (unit) => {
          const child = launch(unit, HOOK)
          const ended = endOf(child)
          await setTimeout(moment)
          const { pid = 0 } = child
          if (child.exitCode === null) process.kill(whom === 'the dispatcher alone' ? pid : -pid, 'SIGKILL')
          await ended
          tally.add(await expectSurvival(unit, start, `after ${Math.round(moment)} ms`))
        }),
      )
      tally.print(`kills of ${whom} at random moments`)
    },
  )
})

describe('a hook that is killed at a call that touches the unit state leaves the state of before or of after', () => {
  it.each(sampled(UNIT_NAMES, 2))('%s', { timeout: TIMEOUT }, async (name) => {
    const start = await startOn(name)
    const tally = new Tally()
    const numbers = start.calls.map((_, index) => index + 1)
    const chosen = isFull ? numbers : random(name.length).sample(numbers, 1)
    await forAll(chosen, (at) =>
      withUnit(start, async (unit) => {
        const { signal } = await run(unit, HOOK, {
          env: diskEnv(unit.stateDir, { fault: { as: 'kill', at } }),
        })
        const label = `call ${at} of ${start.calls.length}, ${start.calls[at - 1]?.name}`
        expect(signal, label).toBe('SIGKILL')
        tally.add(await expectSurvival(unit, start, label))
      }),
    )
    tally.print(`kills of ${name} at each of its ${numbers.length} calls`)
  })
})

const permitted = spawnSync('strace', ['-f', '-o', '/dev/null', 'true'], { encoding: 'utf8' })
const obstacle = permitted.status === 0 ? '' : (permitted.error?.message ?? permitted.stderr).trim()

describe('the calls at which a process is killed', () => {
  it.skipIf(obstacle !== '')(`are all that strace sees (${obstacle || 'permitted here'})`, async () => {
    const start = await startOn('a new unit', SET_FLAG)
    const [log, trace] = ['calls', 'trace'].map((name) => path.join(makeDir(), name)) as [string, string]
    await withUnit(start, async (unit) => {
      const files = ['', '/state.db', '/state.db-journal', '/state.db-wal'].map(
        (name) => unit.stateDir + name,
      )
      const options = [
        '-f',
        '-qq',
        '--seccomp-bpf',
        '-e',
        'trace=%file,%desc',
        '-e',
        'signal=none',
        '-o',
        trace,
      ]
      const ended = await run(unit, SET_FLAG, {
        env: diskEnv(unit.stateDir, { log }),
        through: ['strace', ...options, ...files.flatMap((file) => ['-P', file])],
      })
      expect(ended).toEqual({ status: 0, signal: null, stdout: '', stderr: '' })
    })
    // Node's own look at a name is no call of the C library's; it changes nothing.
    const lines = fs.readFileSync(trace, 'utf8').split('\n').slice(0, -1)
    const seen = lines.filter((line) => !/^\d+ +statx\(/.test(line))
    expect(seen.length).toBeGreaterThan(50)
    const kinds = readCalls(log).map(({ name }) => kindOf(name))
    expect(kinds).toEqual(seen.map((line) => kindOf(/^\d+ +(\w+)\(/.exec(line)?.[1] ?? line)))
  })
})

describe('a hook that is killed at any moment leaves no file behind', () => {
  it('in the directory for temporary files, since the engine makes none there', async () => {
    const { unit } = await startOn('a unit with a state')
    await withUnit({ unit }, async (copy) => {
      const log = path.join(copy.dir, 'calls')
      const ended = await run(copy, HOOK, { env: diskEnv(copy.temporary, { log }) })
      expect(ended).toEqual({ status: 0, signal: null, stdout: '', stderr: '' })
      const calls = fs.existsSync(log) ? readCalls(log) : []
      expect([...new Set(calls.map((call) => call.path))]).toEqual([])
    })
  })
})

/** C's name of a call, and the kernel's, are not always the same. */
function kindOf(name: string): string {
  const kinds = { open: /^(open|creat)/, stat: /stat/, access: /access/, unlink: /^unlink/ }
  const kind = Object.entries(kinds).find(([, pattern]) => pattern.test(name))
  return kind?.[0] ?? name.replace(/64$/, '')
}
