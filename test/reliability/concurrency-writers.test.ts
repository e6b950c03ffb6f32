// Writers of one unit state that get in each other's way: two hooks at once, a hundred processes that make the
// state, and processes that are stopped or killed while they hold the write lock.

import fs from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { effort, figure, random } from '../effort.ts'
import { bash, LiveUnit, type Running, until } from './live-unit.ts'

const LIMIT = { timeout: 600_000 }
const numbers = (count: number) => Array.from({ length: count }, (_, number) => number)

describe('two hooks of a unit at once', () => {
  it('keep what each changed, and of the same key what the later commit says', LIMIT, async () => {
    const unit = new LiveUnit({
      'reactive/app.sh': bash(`
        @hook start stop
        changes() {
          for number in {1..50}; do set_flag "$JUJU_HOOK_NAME.$number"; done
          charms.reactive kv set "of.$JUJU_HOOK_NAME" 1
          charms.reactive kv set both "$JUJU_HOOK_NAME"
          touch "begun.$JUJU_HOOK_NAME"
          while [[ ! -e go-on.$JUJU_HOOK_NAME ]]; do sleep 0.02; done
        }`),
    })
    const hooks = ['start', 'stop'].map((name) => unit.hook(name))
    for (const name of ['start', 'stop']) await until(() => fs.existsSync(unit.file(`begun.${name}`)), name)
    for (const [index, name] of ['stop', 'start'].entries()) {
      fs.writeFileSync(unit.file(`go-on.${name}`), '')
      expect(await hooks[1 - index]?.ended).toMatchObject({ status: 0, stderr: '' })
    }
    const { flags, data } = await unit.state()
    const expected = ['start', 'stop'].flatMap((name) => numbers(50).map((number) => `${name}.${number + 1}`))
    expect(flags).toEqual(expected.sort())
    expect(data).toEqual({ 'of.start': 1, 'of.stop': 1, both: 'start' })
    const traces = JSON.parse(await unit.ask('trace', '--last', '2', '--format', 'json'))
    expect(traces.map(({ event }: { event: string }) => event)).toEqual(['stop', 'start'])
  })

  it('may also commit at the same moment', LIMIT, async () => {
    const rounds = effort({ sample: 1, full: 20 })
    const unit = new LiveUnit({
      'reactive/app.mjs': `
        import { existsSync } from 'node:fs'
        import { setTimeout } from 'node:timers/promises'
        import { hook, kv } from 'charms.reactive'
        hook('{start,stop,install,config-changed}')(async function changes() {
          const round = kv.get('round')
          for (let number = 0; number < 500; number += 1) kv.set(process.env.JUJU_HOOK_NAME + round + '.' + number, 'x'.repeat(200))
          while (!existsSync('go-on.' + round)) await setTimeout(1)
        })`,
    })
    const names = ['start', 'stop', 'install', 'config-changed']
    for (const round of numbers(rounds)) {
      await unit.ask('kv', 'set', 'round', String(round))
      const hooks = names.map((name) => unit.hook(name))
      await sleep(400)
      fs.writeFileSync(unit.file(`go-on.${round}`), '')
      for (const { ended } of hooks) expect(await ended).toMatchObject({ status: 0, stderr: '' })
    }
    const { data } = await unit.state()
    expect(Object.keys(data).length).toBe(1 + rounds * names.length * 500)
    figure('hooks that committed at once, keys kept', Object.keys(data).length)
  })
})

describe('a state that is not there yet', () => {
  it('is made once by processes that all come first', LIMIT, async () => {
    const count = effort({ sample: 10, full: 100 })
    const unit = new LiveUnit({ 'reactive/app.sh': bash('@hook start\nf() { set_flag hook; }') })
    const hook = unit.hook('start')
    const commands = numbers(count).map((number) =>
      number % 10 === 9 ? unit.command('get_flags') : unit.command('set_flag', `first.${number}`),
    )
    const ended = await Promise.all([hook.ended, ...commands])
    expect(ended.filter(({ status, stderr }) => status !== 0 || stderr !== '')).toEqual([])
    const expected = numbers(count)
      .filter((number) => number % 10 !== 9)
      .map((number) => `first.${number}`)
    expect((await unit.state()).flags).toEqual(['hook', ...expected].sort())
    expect(fs.statSync(unit.statePath).mode & 0o777).toBe(0o600)
    expect(besideState(unit)).toEqual([])
    figure('processes that made the state at once', ended.length)
    figure('slowest of them, s', (Math.max(...ended.map((e) => e.milliseconds)) / 1000).toFixed(1))
  })
})

/** SQLite's journal, or anything else that was left beside the state. */
function besideState(unit: LiveUnit): string[] {
  return fs.readdirSync(unit.charmDir).filter((name) => name.startsWith('.reactive-state.db-'))
}

/** The byte of SQLite's that a process locks which is going to write; it locks others as well to commit. */
const RESERVED = String(0x40000001)

/** Whether the process holds the lock that keeps other writers out, and not yet those that keep readers out. */
function holdsWriteLock(pid: number): boolean {
  const ranges = fs
    .readFileSync('/proc/locks', 'utf8')
    .split('\n')
    .filter((line) => line.includes(` WRITE ${pid} `) && !line.includes('->'))
    .map((line) => line.trim().split(/\s+/).slice(-2).join('-'))
  return ranges.join() === `${RESERVED}-${RESERVED}`
}

/**
 * Start a command, again and again until it is stopped at a moment when it holds the write lock: it has not written
 * `held` then, which was "before".
 */
async function stoppedWithLock(unit: LiveUnit): Promise<Running> {
  for (const attempt of numbers(200)) {
    await unit.ask('kv', 'set', 'held', '"before"')
    const command = unit.start(['kv', 'set', 'held', JSON.stringify('x'.repeat(1000 + attempt))])
    while (command.child.exitCode === null && fs.existsSync(`/proc/${command.pid}/status`)) {
      if (!holdsWriteLock(command.pid)) {
        // A process that has ended but was not waited for yet.
        if (/State:\s*Z/.test(fs.readFileSync(`/proc/${command.pid}/status`, 'utf8'))) break
        continue
      }
      process.kill(command.pid, 'SIGSTOP')
      await sleep(10)
      if (holdsWriteLock(command.pid)) return command
      process.kill(command.pid, 'SIGCONT')
      break
    }
    await command.ended
  }
  throw new Error('no command was caught with the lock')
}

describe('a process that holds the write lock', () => {
  it('and is killed lets the others go on, and leaves no trace', LIMIT, async () => {
    const unit = new LiveUnit({ 'reactive/app.sh': bash('@hook start\nf() { set_flag hook; }') })
    const holder = await stoppedWithLock(unit)
    const count = effort({ sample: 2, full: 8 })
    // Readers are not kept out; writers, and the hook at its end, wait.
    expect(await unit.ask('kv', 'get', 'held')).toContain('before')
    const waiting = [
      unit.hook('start'),
      ...numbers(count).map((number) => unit.start(['set_flag', `after.${number}`])),
    ]
    await sleep(800)
    expect(waiting.map(({ child }) => child.exitCode)).toEqual(waiting.map(() => null))
    process.kill(holder.pid, 'SIGKILL')
    for (const { ended } of waiting) expect(await ended).toMatchObject({ status: 0, stderr: '' })
    const { flags, data } = await unit.state()
    expect(flags).toEqual([...numbers(count).map((number) => `after.${number}`), 'hook'])
    expect(data).toEqual({ held: 'before' })
    expect(besideState(unit)).toEqual([])
  })

  it('and never lets go is named by one line, after the time to wait for it', LIMIT, async () => {
    const unit = new LiveUnit({ 'reactive/app.sh': bash('@hook start\nf() { set_flag hook; }') })
    await unit.ask('set_flag', 'before')
    const holder = await stoppedWithLock(unit)
    const env = { CHARMS_REACTIVE_BUSY_TIMEOUT: '500' }
    for (const { ended } of [unit.hook('start', env), unit.start(['set_flag', 'after'], env)]) {
      const { status, stderr: said } = await ended
      const stderr = said || `charms.reactive: ${unit.errors().join('\n')}\n`
      expect(status).toBe(3)
      expect(stderr).toMatch(/^charms\.reactive: .*the unit state is locked by another process: .*\n$/)
      expect(stderr).toContain(unit.statePath)
    }
    process.kill(holder.pid, 'SIGKILL')
    await holder.ended
    expect((await unit.state()).flags).toEqual(['before'])
  })

  it('is no command that waits for its standard input', LIMIT, async () => {
    const unit = new LiveUnit({})
    await unit.ask('set_flag', 'before')
    const reads = unit.start(['data_changed', 'id', '-'])
    await sleep(300)
    // As what feeds it may do: `{ charms.reactive set_flag …; echo …; } | charms.reactive data_changed id -`.
    const env = { CHARMS_REACTIVE_BUSY_TIMEOUT: '500' }
    expect(await unit.start(['set_flag', 'after'], env).ended).toMatchObject({ status: 0, stderr: '' })
    reads.child.stdin?.end('value')
    expect((await reads.ended).status).toBe(0)
  })
})

describe('commands that read and write in one step', () => {
  it('tell exactly one of the processes that ask at once that data changed', LIMIT, async () => {
    const unit = new LiveUnit({})
    const rounds = effort({ sample: 1, full: 20 })
    const count = effort({ sample: 5, full: 12 })
    for (const round of numbers(rounds)) {
      const asked = await Promise.all(
        numbers(count).map(() => unit.command('data_changed', 'id', String(round))),
      )
      expect(asked.map(({ status }) => status).sort()).toEqual([0, ...numbers(count - 1).map(() => 1)])
    }
    figure(`rounds of ${count} processes that asked whether data changed`, rounds)
  })
})

describe('commands that are killed at any moment', () => {
  it('did all or nothing, and harm no other', LIMIT, async () => {
    const count = effort({ sample: 3, full: 400 })
    const choose = random(31)
    const unit = new LiveUnit({})
    await unit.ask('kv', 'set', 'before', '1')
    const value = JSON.stringify('x'.repeat(90_000))
    let killed = 0
    let done = 0
    for (const number of numbers(count)) {
      const other = unit.start(['set_flag', `kept.${number}`])
      const command = unit.start(['kv', 'set', `maybe.${number}`, value])
      // Half of them in the little time in which they write.
      const isLate = choose.chance(0.5)
      const end = performance.now() + 500
      if (isLate) while (performance.now() < end && !holdsWriteLock(command.pid)) await sleep(0)
      await sleep(choose.below(isLate ? 12 : 90))
      command.child.kill('SIGKILL')
      const [{ status }] = await Promise.all([command.ended, other.ended])
      const found = await unit.command('kv', 'get', `maybe.${number}`)
      if (status === 0) expect(found.status).toBe(0)
      if (found.status === 0) expect(found.stdout.length).toBeGreaterThanOrEqual(90_000)
      killed += Number(status !== 0)
      done += Number(status !== 0 && found.status === 0)
      expect(await other.ended).toMatchObject({ status: 0, stderr: '' })
      await unit.ask('kv', 'delete', `maybe.${number}`)
    }
    expect((await unit.state()).flags.length).toBe(count)
    // What was killed as soon as it had made its journal leaves an empty one, which the next writer takes away.
    await unit.ask('kv', 'set', 'after', '1')
    expect(besideState(unit)).toEqual([])
    expect(killed).toBeGreaterThan(count / 8)
    figure('commands killed', killed)
    figure('of these, whole change there', done)
  })
})
