// The channel under attack by a handler, or by another process of the same user: whatever comes over it, the
// dispatcher needs no more memory, goes on, serves those who behave well, and leaves nothing behind.

import fs from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { effort, figure, sampled } from '../effort.ts'
import { attackedHook, attackedUnit, GOOD_FLAGS, quietHighWater } from './channel-attacks/attacked-unit.ts'
import { bash, LiveUnit } from './live-unit.ts'

const LIMIT = { timeout: 600_000 }

interface Attack {
  what: string
  kind: string
  sample: number
  full: number
  /** Bytes among the unit's data, which `kv range` answers with. */
  size?: number
  /** How many MiB more than a quiet hook it may take. */
  memory: number
}

const ATTACKS: Attack[] = [
  {
    what: 'random bytes, and frames with random damage',
    kind: 'random_bytes',
    sample: 1000,
    full: 20_000,
    memory: 128,
  },
  { what: 'truncated frames', kind: 'truncated', sample: 500, full: 5000, memory: 128 },
  {
    what: 'records and frames without an end',
    kind: 'long_records',
    sample: 15_000,
    full: 200_000,
    memory: 128,
  },
  { what: 'headers that name nobody', kind: 'other_headers', sample: 1000, full: 20_000, memory: 128 },
  {
    what: 'words of the library for processes of others',
    kind: 'words_of_others',
    sample: 500,
    full: 5000,
    memory: 128,
  },
  {
    what: 'clients that stop or are killed in the middle',
    kind: 'stopping_clients',
    sample: 30,
    full: 200,
    size: 300_000,
    memory: 160,
  },
  {
    what: 'answers that nobody reads',
    kind: 'unread',
    sample: 300,
    full: 10_000,
    size: 200_000,
    memory: 300,
  },
  { what: 'requests as fast as they go', kind: 'flood', sample: 8000, full: 100_000, memory: 128 },
  { what: 'requests that take their time', kind: 'slow_requests', sample: 30, full: 100, memory: 160 },
]

describe('the channel under attack', () => {
  it.each(sampled(ATTACKS, 2))(
    'by $what',
    LIMIT,
    async ({ what, kind, sample, full, size = 1000, memory }) => {
      const count = effort({ sample, full })
      const quiet = await quietHighWater(size)
      const unit = await attackedUnit(kind, count, size)
      const { status, stderr, highWater, milliseconds } = await attackedHook(unit)
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
      const more = (highWater - quiet) / 1024
      figure(`${what}: times`, count)
      figure(
        `${what}: memory of a quiet hook, then how much more, MiB`,
        `${(quiet / 1024).toFixed(0)} + ${more.toFixed(0)}`,
      )
      figure(`${what}: the hook took, s`, (milliseconds / 1000).toFixed(1))
      expect(more).toBeLessThan(memory)
      expect((await unit.state()).flags).toEqual(expect.arrayContaining(GOOD_FLAGS))
    },
  )

  it('by long requests that are not what they say: each is refused by one line', LIMIT, async () => {
    const quiet = await quietHighWater(1000)
    const unit = await attackedUnit('references', effort({ sample: 1, full: 20 }))
    const { status, stderr, highWater } = await attackedHook(unit)
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    const answers: [string, string][] = fs
      .readFileSync(unit.file('answers'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    for (const [name, answer] of answers) {
      expect([name, answer]).toEqual([
        name,
        expect.stringMatching(/^002!\d{8}charms\.reactive: (the request cannot be read|no command): ?.*\n$/),
      ])
    }
    const more = (highWater - quiet) / 1024
    figure('long requests that lie: answered', answers.length)
    figure('long requests that lie: more memory, MiB', more.toFixed(0))
    expect(more).toBeLessThan(256)
  })
})

describe('many clients', () => {
  it('many at once, each a process, all get their own answer', LIMIT, async () => {
    const count = effort({ sample: 30, full: 200 })
    const unit = new LiveUnit({
      'reactive/app.sh': bash(`
        @hook start
        asks() {
          for number in {1..${count}}; do
            { charms.reactive kv set "key.$number" "$number"
              [[ $("$CHARMS_REACTIVE_SHELL/charms.reactive" kv get "key.$number") == "$number" ]] || echo "wrong: $number" >>damage; } &
          done
          wait
        }`),
    })
    expect(await attackedHook(unit)).toMatchObject({ status: 0, stderr: '' })
    expect(Object.keys((await unit.state()).data).length).toBe(count)
  })

  it('may ask as often as they like in one handler', LIMIT, async () => {
    const count = effort({ sample: 1000, full: 100_000 })
    const few = await attackedHook(await askingUnit(100))
    const many = await attackedHook(await askingUnit(count))
    expect([few, many].map(({ status, stderr }) => ({ status, stderr }))).toEqual([
      { status: 0, stderr: '' },
      { status: 0, stderr: '' },
    ])
    const more = (many.highWater - few.highWater) / 1024
    figure('requests of one handler', count)
    figure('a request of it, ms', ((many.milliseconds - few.milliseconds) / count).toFixed(3))
    figure(
      'memory with 100, and how much more, MiB',
      `${(few.highWater / 1024).toFixed(0)} + ${more.toFixed(0)}`,
    )
    expect(more).toBeLessThan(128)
  })

  it('that ask for something that cannot be are told so, and the hook goes on', LIMIT, async () => {
    const unit = new LiveUnit({
      'reactive/app': `#!/bin/bash
        [[ $1 == --test ]] || exit 0
        charms.reactive when_file_changed / 2>>said
        echo "status $?" >>said
        exit 0
`,
    })
    fs.writeFileSync(unit.file('said'), '')
    expect(await attackedHook(unit)).toMatchObject({ status: 0, stderr: '' })
    expect(fs.readFileSync(unit.file('said'), 'utf8')).toMatch(
      /^charms\.reactive: when_file_changed: the file cannot be watched: \/: EISDIR.*\nstatus 3\n/,
    )
  })

  it(
    'that want no answer and are refused fail their handler by one line, of the first of them',
    LIMIT,
    async () => {
      const unit = new LiveUnit({
        'reactive/app.sh': bash(`
        @hook start
        wrong() {
          printf '%s\\0' '' "$BASHPID!" =set_flag = '' >"$CHARMS_REACTIVE_CHANNEL"
          printf '%s\\0' '' "$BASHPID!" =no_such_command '' >"$CHARMS_REACTIVE_CHANNEL"
          set_flag other
        }`),
      })
      const { status, stderr } = await unit.hook('start').ended
      expect(status).toBe(3)
      expect(stderr).toBe('')
      expect(unit.errors()).toEqual([
        expect.stringMatching(/^reactive\/app\.sh:wrong: .*a flag needs a name: ""$/),
      ])
      expect((await unit.state()).flags).toEqual([])
    },
  )
})

/** A unit whose handler asks this often, and waits for each answer. */
async function askingUnit(count: number): Promise<LiveUnit> {
  return new LiveUnit({
    'reactive/app.sh': bash(`
      @hook start
      asks() {
        for ((number = 0; number < ${count}; number += 1)); do
          is_flag_set never && echo "wrong: $number" >>damage
        done
        return 0
      }`),
  })
}

describe('a background job that a handler leaves behind', () => {
  it('does not keep the hook, and what it says later is refused by one line', LIMIT, async () => {
    const unit = new LiveUnit({
      'reactive/app.sh': bash(`
        @hook start
        leaves() {
          (
            exec 8<>"$CHARMS_REACTIVE_CHANNEL" 9>"$CHARMS_REACTIVE_CHANNEL" >>later 2>&1
            while [[ ! -e go-on ]]; do sleep 0.05; done
            "$CHARMS_REACTIVE_SHELL/set_flag" late
            echo "program: $?"
            set_flag late
            echo "function: $?"
            (printf '%s\\0' '' "$BASHPID!" =set_flag =late '' >&9)
            echo "descriptor: $?"
          ) &
          set_flag before
        }`),
    })
    // The job waits for a file that is not there yet: a hook that waited for the job would not end.
    const { status, stderr } = await unit.hook('start').ended
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    fs.writeFileSync(unit.file('go-on'), '')
    const said = () => (fs.existsSync(unit.file('later')) ? fs.readFileSync(unit.file('later'), 'utf8') : '')
    for (let turn = 0; turn < 400 && !said().includes('descriptor'); turn += 1) await sleep(50)
    const nobody = 'charms.reactive: no dispatch answers at the channel: /proc/\\d+/fd/\\d+\n'
    expect(said()).toMatch(new RegExp(`^${nobody}program: 3\n${nobody}function: 3\ndescriptor: \\d+\n$`))
    expect((await unit.state()).flags).toEqual(['before'])
  })

  it('and that floods the channel does not keep the hook either', LIMIT, async () => {
    const unit = new LiveUnit({
      'reactive/app.sh': bash(`
        @hook start
        leaves() {
          (exec >/dev/null 2>&1; for job in 1 2 3; do
            while printf '%s\\0' '' "$BASHPID!" =set_flag =flood ''; do :; done >"$CHARMS_REACTIVE_CHANNEL" &
          done) &
          set_flag before
        }`),
    })
    // The jobs write as long as somebody reads: a hook that read until they stop would not end.
    const { status, stderr } = await attackedHook(unit)
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect((await unit.state()).flags).toContain('before')
  })
})
