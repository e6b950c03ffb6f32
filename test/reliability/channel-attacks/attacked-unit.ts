// A unit whose hook is attacked by attack.py while well-behaved clients go on, and what must hold afterwards.

import fs from 'node:fs'
import path from 'node:path'
import { expect } from 'vitest'
import { seed } from '../../effort.ts'
import { bash, type Ended, LiveUnit, until } from '../live-unit.ts'

const ATTACK = fs.readFileSync(path.join(import.meta.dirname, 'attack.py'), 'utf8')

/** What well-behaved clients do meanwhile: functions and executables, with and without an answer. */
const GOOD_CLIENTS = `
  good() {
    local number=0
    for number in {1..200}; do
      set_flag "good.$number"
      is_flag_set "good.$number" || echo "lost: good.$number" >>damage
    done
    for number in {1..10}; do
      "$CHARMS_REACTIVE_SHELL/set_flag" "program.$number" || echo "refused: program.$number" >>damage
      [[ $("$CHARMS_REACTIVE_SHELL/charms.reactive" kv get small) == "small value" ]] || echo "wrong: small" >>damage
      ((\${#large} == 0)) || [[ $(charms.reactive kv get large) == "$large" ]] || echo "wrong: large" >>damage
    done
  }`

const HANDLERS = bash(`${GOOD_CLIENTS}
  @hook start
  attacked() {
    local large=''
    large=$(charms.reactive kv get large) || :
    ./attack.py $(<attack) &
    good
    wait "$!" || echo "the attack ended with $?" >>damage
  }`)

export const GOOD_FLAGS = [
  ...Array.from({ length: 200 }, (_, index) => `good.${index + 1}`),
  ...Array.from({ length: 10 }, (_, index) => `program.${index + 1}`),
]

/** A unit with two values among its data, one of them of this size, that is attacked in its hook `start`. */
export async function attackedUnit(kind: string, count: number, size = 1000): Promise<LiveUnit> {
  const unit = new LiveUnit({
    'reactive/app.sh': HANDLERS,
    'attack.py': ATTACK,
    attack: `${kind} ${count} ${seed}`,
  })
  await unit.ask('kv', 'set', 'small', 'small value')
  for (let rest = size; rest > 0; rest -= 100_000) {
    await unit.ask(
      'kv',
      'set',
      rest > 100_000 ? `large.${rest}` : 'large',
      'x'.repeat(Math.min(rest, 100_000)),
    )
  }
  return unit
}

/** Run the attacked hook; whatever the attack was, these hold. */
export async function attackedHook(unit: LiveUnit): Promise<Ended> {
  const temporary = path.join(unit.dir, 'tmp')
  fs.mkdirSync(temporary)
  const before = fs.readdirSync(unit.charmDir)
  const ended = await unit.hook('start', { TMPDIR: temporary }).ended
  expect(fs.existsSync(unit.file('damage')) ? fs.readFileSync(unit.file('damage'), 'utf8') : '').toBe('')
  expect(fs.readdirSync(temporary)).toEqual([])
  const own = ['answers', 'stopped', '.reactive-state.db']
  expect(
    fs.readdirSync(unit.charmDir).filter((name) => !before.includes(name) && !own.includes(name)),
  ).toEqual([])
  // A job that wrote to the channel when it vanished is about to end.
  await until(() => processesOf(unit).length === 0, `no process of the hook is left: ${processesOf(unit)}`)
  return ended
}

/** The processes that were started for the unit and are still there. */
export function processesOf(unit: LiveUnit): string[] {
  return fs.readdirSync('/proc').filter((pid) => {
    try {
      return (
        /^\d+$/.test(pid) && fs.readFileSync(`/proc/${pid}/environ`, 'latin1').includes(`${unit.charmDir}\0`)
      )
    } catch {
      return false
    }
  })
}

const quiet = new Map<number, Promise<number>>()

/** How much memory a hook of such a unit takes without an attack, in KiB. */
export function quietHighWater(size: number): Promise<number> {
  const known =
    quiet.get(size) ??
    attackedUnit('nothing', 0, size)
      .then(attackedHook)
      .then((e) => e.highWater)
  quiet.set(size, known)
  return known
}
