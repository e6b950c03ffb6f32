import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import type { SimulatedUnit } from '../../src/simulator/unit.ts'
import { bash, type CharmFiles, given, lines, ran, remarks, startUnit } from './charm.ts'

/** A unit with a file /etc/watched below its root. */
async function start(files: CharmFiles): Promise<[SimulatedUnit, (text: string | undefined) => void]> {
  const unit = await startUnit(files)
  const file = path.join(unit.root, 'etc/watched')
  fs.mkdirSync(path.dirname(file), { recursive: true })
  return [unit, (text) => (text === undefined ? fs.rmSync(file) : fs.writeFileSync(file, text))]
}

describe('@when_file_changed', () => {
  it('sees a file that appears, changes and disappears, once each, for every handler of its own', async () => {
    const [unit, write] = await start({
      'reactive/a.sh': bash(`
@when_file_changed /etc/watched
function one() { :; }
@when_file_changed /etc/other /etc/watched
function two() { :; }`),
      'reactive/b.mjs':
        "import { whenFileChanged } from 'charms.reactive'\nwhenFileChanged('/etc/watched', function three() {})\n",
    })
    const all = ['reactive/a.sh:one', 'reactive/a.sh:two', 'reactive/b.mjs:three']
    const next = async () => ran(await unit.run({ name: 'update-status' }))
    expect(await next()).toEqual([])
    write('1')
    expect(await next()).toEqual(all)
    expect(await next()).toEqual([])
    write('2')
    expect(await next()).toEqual(all)
    write('2')
    expect(await next()).toEqual([])
    write(undefined)
    expect(await next()).toEqual(all)
    expect(await next()).toEqual([])
  })

  it('does not consume a change by testing, nor by a handler or a hook that failed', async () => {
    const [unit, write] = await start({
      'reactive/app.sh': bash(`
@when_file_changed /etc/watched
@when allowed
function guarded() { :; }

@when_file_changed /etc/watched
function fails() { [[ ! -e fail ]] || exit 5; }

@hook stop
function fails_later() { exit 6; }`),
    })
    write('1')
    fs.writeFileSync(path.join(unit.charmDir, 'fail'), '')
    const failed = await unit.run({ name: 'update-status' })
    expect([failed.exitStatus, ran(failed)]).toEqual([5, ['reactive/app.sh:fails']])
    fs.rmSync(path.join(unit.charmDir, 'fail'))
    expect((await unit.run({ name: 'stop' })).exitStatus).toBe(6)
    expect(ran(await unit.run({ name: 'update-status' }))).toEqual(['reactive/app.sh:fails'])
    given(unit, 'allowed')
    expect(ran(await unit.run({ name: 'update-status' }))).toEqual(['reactive/app.sh:guarded'])
    expect(ran(await unit.run({ name: 'update-status' }))).toEqual([])
  })

  it('runs again in the same hook when the file changes again', async () => {
    const [unit, write] = await start({
      'reactive/app.sh': bash(`
@when_file_changed /etc/watched
function watches() { cat "$CHARMS_REACTIVE_ROOT/etc/watched" >>seen; set_flag seen; }
@when seen
function writes() { echo 2 >"$CHARMS_REACTIVE_ROOT/etc/watched"; }`),
    })
    write('1\n')
    await unit.run({ name: 'update-status' })
    expect(lines(unit, 'seen')).toEqual(['1', '2'])
  })

  it('takes a relative path from the charm dir, and refuses a directory', async () => {
    const [unit] = await start({
      'reactive/app.sh': bash('@when_file_changed data/x\nfunction watches() { :; }'),
      'data/x': '1',
    })
    expect(ran(await unit.run({ name: 'update-status' }))).toEqual(['reactive/app.sh:watches'])
    fs.rmSync(path.join(unit.charmDir, 'data/x'))
    fs.mkdirSync(path.join(unit.charmDir, 'data/x'))
    const result = await unit.run({ name: 'update-status' })
    expect(result.exitStatus).toBe(3)
    expect(remarks(result)).toEqual([
      expect.stringMatching(/^ERROR the file cannot be watched: data\/x: EISDIR/),
    ])
  })

  it('works for a foreign executable as the decorator does', async () => {
    const [unit, write] = await start({
      'reactive/foreign': `#!/bin/bash
. /dev/null
if [ "$1" = --test ]; then charms.reactive when_file_changed /etc/watched && is_flag_set ready; exit; fi
[ ! -e fail ] || exit 7
`,
      'reactive/app.sh': bash('@when_file_changed /etc/watched\nfunction watches() { :; }'),
    })
    write('1')
    // It asks, and does not run.
    expect(ran(await unit.run({ name: 'update-status' }))).toEqual(['reactive/app.sh:watches'])
    given(unit, 'ready')
    fs.writeFileSync(path.join(unit.charmDir, 'fail'), '')
    expect((await unit.run({ name: 'update-status' })).exitStatus).toBe(7)
    fs.rmSync(path.join(unit.charmDir, 'fail'))
    expect(ran(await unit.run({ name: 'update-status' }))).toEqual(['reactive/foreign'])
    expect(ran(await unit.run({ name: 'update-status' }))).toEqual([])
  })
})

describe('any_file_changed and data_changed', () => {
  it('compare and record at once for all callers; peeking records nothing', async () => {
    const [unit, write] = await start({
      'reactive/app.sh': bash(`
@hook update-status
function asks() {
  any_file_changed --peek /etc/watched; echo "peek $?" >>seen
  any_file_changed /etc/watched; echo "first $?" >>seen
  any_file_changed /etc/watched; echo "second $?" >>seen
  is_data_changed id '{"b": 1, "a": [2]}'; echo "is $?" >>seen
  data_changed id '{"b": 1, "a": [2]}'; echo "data $?" >>seen
  echo '{"a": [2], "b": 1}' | data_changed id -; echo "same $?" >>seen
}
@hook stop
function asks_and_fails() { any_file_changed /etc/watched; data_changed id 2; exit 4; }`),
    })
    write('1')
    expect((await unit.run({ name: 'update-status' })).stderr).toBe('')
    expect(lines(unit, 'seen')).toEqual(['peek 0', 'first 0', 'second 1', 'is 0', 'data 0', 'same 1'])
    write('2')
    expect((await unit.run({ name: 'stop' })).exitStatus).toBe(4)
    await unit.run({ name: 'update-status' })
    expect(lines(unit, 'seen').slice(6)).toEqual([
      'peek 0',
      'first 0',
      'second 1',
      'is 1',
      'data 1',
      'same 1',
    ])
  })
})
