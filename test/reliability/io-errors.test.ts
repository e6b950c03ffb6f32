// Each call of a hook or a command that touches the unit state fails once, and in other runs from then on, with an
// error of the disk. What it did is then what it says: status 0 and the state of after, or one line, status 3 and
// the state of before.

import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { effort, figure, isFull, random, sampled } from '../effort.ts'
import { diskEnv, type Fault } from './crash-safety/disk.ts'
import {
  expectNoStrays,
  expectRecovery,
  expectWhole,
  forAll,
  HOOK,
  type Start,
  startOn,
  UNIT_NAMES,
  type UnitName,
  withUnit,
} from './crash-safety/survival.ts'
import { type CrashUnit, type Ended, processesEnd, readState, run, saidBy } from './crash-safety/unit.ts'

const NAMESPACE = ['unshare', '--mount', ...(process.getuid?.() === 0 ? [] : ['--user', '--map-root-user'])]
const tried = spawnSync('unshare', [...NAMESPACE.slice(1), 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt'], {
  encoding: 'utf8',
})
const obstacle = tried.status === 0 ? '' : (tried.error?.message ?? tried.stderr).trim()

/** Words in front of a command that let its state be on a disk of its own, with so many pages left. */
function onFullDisk({ stateDir }: CrashUnit, pages: number): string[] {
  const script = `
    exec {below}<"$1"
    mount -t tmpfs -o size=512k tmpfs "$1" && cp -a "/proc/$$/fd/$below/." "$1" || exit 99
    dd if=/dev/zero of="$1/filler" bs=4096 2>/dev/null
    truncate -s "-$(($2 * 4096))" "$1/filler"
    "\${@:3}" {below}<&-
    status=$?
    rm "$1/filler" "/proc/$$/fd/$below/"* 2>/dev/null
    cp -a "$1/." "/proc/$$/fd/$below/" || exit 99
    exit $status`
  return [...NAMESPACE, 'bash', '-c', script, 'full', stateDir, String(pages)]
}

/** The same for a directory that cannot be written. */
function onReadOnlyMount({ stateDir }: CrashUnit): string[] {
  const script = 'mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" || exit 99; exec "${@:2}"'
  return [...NAMESPACE, 'bash', '-c', script, 'read-only', stateDir]
}

const TIMEOUT = isFull ? 3_600_000 : 600_000

const SET_FLAG = ['set_flag', 'operator']
const GET_FLAGS = ['get_flags']
const COMMANDS = [HOOK, SET_FLAG, GET_FLAGS]
const WITH_STATE: UnitName = 'a unit with a state'
const isInterrupted = (name: UnitName) => name.endsWith('died in its commit')
const KINDS: Pick<Fault, 'as' | 'lasting'>[] = [
  { as: 'EIO' },
  { as: 'ENOSPC' },
  { as: 'EROFS' },
  { as: 'EIO', lasting: true },
]

/** What a command says is what it did, `isUnknowable` aside. Gives whether it succeeded. */
async function expectTruth(
  unit: CrashUnit,
  start: Start,
  ended: Ended,
  { label, isUnknowable = false }: { label: string; isUnknowable?: boolean },
): Promise<boolean> {
  await processesEnd(unit)
  const rows = await readState(unit)
  if (ended.status === 0) {
    expect(ended, label).toEqual({ status: 0, signal: null, stdout: start.stdout, stderr: '' })
    expect(rows, `${label}: status 0`).toEqual(start.after)
  } else {
    expect(ended, label).toMatchObject({ status: 3, signal: null, stdout: '' })
    const place = `${unit.stateDir}/state\\.db`
    expect(saidBy(unit, ended), label).toMatch(
      new RegExp(`^charms\\.reactive: ${start.words[0]}: the [^\n]+: ${place}: [^\n]+\n$`),
    )
    const which = expectWhole(rows, start, label)
    if (!isUnknowable) expect(which, `${label}: status 3`).toBe('before')
  }
  expectNoStrays(unit, start, label)
  // That a hook goes on from anywhere is shown in kill-anywhere.test.ts.
  if (start.words !== HOOK) await expectRecovery(unit, start, label)
  return ended.status === 0
}

/** Run it with the fault in its disk. */
async function expectTruthWith(fault: Fault, unit: CrashUnit, start: Start): Promise<boolean> {
  const { as, at, lasting = false } = fault
  const label = `${as}${lasting ? ' from then on' : ''} at call ${at}, ${start.calls[at - 1]?.name}`
  const ended = await run(unit, start.words, { env: diskEnv(unit.stateDir, { fault }) })
  // Where nothing can be read any more behind the commit, nobody can know that it is done.
  return expectTruth(unit, start, ended, { label, isUnknowable: lasting && at > commitOf(start) })
}

/** The number of the call that makes the commit: the journal goes. */
function commitOf({ calls }: Start): number {
  return calls.findLastIndex(({ name }) => name === 'unlink') + 1
}

/** One with a state, and in every run one of the others. */
const CHOSEN = [
  WITH_STATE,
  ...sampled(
    UNIT_NAMES.filter((name) => name !== WITH_STATE),
    1,
  ),
]

describe.each(CHOSEN)('on %s what a command says is what it did, although a call fails', (name) => {
  it.each(COMMANDS.map((words) => [words.join(' '), words] as const))(
    '%s',
    { timeout: TIMEOUT },
    async (title, words) => {
      const start = await startOn(name, words)
      const faults = start.calls.flatMap((_, index) => KINDS.map((kind) => ({ ...kind, at: index + 1 })))
      const choice = random(name.length * 100 + title.length)
      // Errors behind the commit are the ones that tempt to lie.
      const isCritical = ({ as, at, lasting }: Fault) => as === 'EIO' && !lasting && at > commitOf(start)
      const critical = words === SET_FLAG && name === WITH_STATE ? faults.filter(isCritical) : []
      const chosen = isFull ? faults : [...choice.sample(faults, 1), ...critical]
      let succeeded = 0
      await forAll(chosen, (fault) =>
        withUnit(start, async (unit) => {
          if (await expectTruthWith(fault, unit, start)) succeeded += 1
        }),
      )
      figure(`${title} on ${name}, errors at each of ${start.calls.length} calls`, chosen.length)
      figure(`${title} on ${name}, of these it succeeded nevertheless`, succeeded)
    },
  )
})

describe.skipIf(obstacle !== '')(`on a real disk (${obstacle || 'possible here'})`, () => {
  it.each(sampled(UNIT_NAMES, 1))(
    'that is full, on %s: the state of before, or success',
    { timeout: TIMEOUT },
    async (name) => {
      const start = await startOn(name, SET_FLAG)
      const pages = Array.from({ length: 30 }, (_, index) => index)
      const chosen = [0, ...random(name.length).sample(pages.slice(1), effort({ sample: 1, full: 30 })), 60]
      let failed = 0
      await forAll(chosen, (left) =>
        withUnit(start, async (unit) => {
          const ended = await run(unit, SET_FLAG, { through: onFullDisk(unit, left) })
          const label = `${left} pages left`
          const hasSucceeded = await expectTruth(unit, start, ended, { label })
          if (!hasSucceeded) failed += 1
          // What is rolled back first gives its journal's pages free.
          if (left === 0 && !isInterrupted(name))
            expect(saidBy(unit, ended)).toMatch(/disk is full|no space left/i)
          if (left === 60) expect(hasSucceeded, label).toBe(true)
        }),
      )
      expect(failed).toBeGreaterThan(isInterrupted(name) ? -1 : 0)
      figure(`set_flag on ${name} with 0 to 60 pages left on the disk`, chosen.length)
      figure(`set_flag on ${name} with 0 to 60 pages left on the disk, of these it failed`, failed)
    },
  )

  it.each(sampled(UNIT_NAMES, 1))(
    'that is read-only, on %s: nothing changes',
    { timeout: TIMEOUT },
    async (name) => {
      for (const words of COMMANDS) {
        const start = await startOn(name, words)
        await withUnit(start, async (unit) => {
          const ended = await run(unit, words, { through: onReadOnlyMount(unit) })
          const hasSucceeded = await expectTruth(unit, start, ended, { label: words.join(' ') })
          // What is there can be read, unless it must be rolled back first.
          expect(hasSucceeded, words.join(' ')).toBe(words === GET_FLAGS && !isInterrupted(name))
        })
      }
    },
  )
})
