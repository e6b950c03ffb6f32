import fs from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import type { Explanation } from '../../src/insight/explain.ts'
import { type SimulatedUnit, simulateUnit } from '../../src/simulator/unit.ts'
import { bash, startUnit, temporaryDir } from '../end-to-end/charm.ts'

const GUESTBOOK = path.resolve(import.meta.dirname, '../../examples/guestbook')
const FILE = 'reactive/guestbook.sh'

async function explain(unit: SimulatedUnit, ...words: string[]): Promise<string> {
  const { stdout, stderr } = await unit.command(['charms.reactive', 'explain', ...words])
  return stdout + stderr
}

/** A unit of the example charm with a change of its handlers. */
async function mutant(change: (text: string) => string): Promise<SimulatedUnit> {
  const charm = path.join(temporaryDir(), 'guestbook')
  fs.cpSync(GUESTBOOK, charm, { recursive: true })
  const text = fs.readFileSync(path.join(charm, FILE), 'utf8')
  expect(change(text)).not.toBe(text)
  fs.writeFileSync(path.join(charm, FILE), change(text))
  const stub = '#!/bin/sh\necho 1.4.2\n'
  return simulateUnit(charm, { commands: { 'apt-get': stub, guestbook: stub, systemctl: stub } })
}

/** The events of a unit that gets a database, and loses it. */
async function live(unit: SimulatedUnit, ...names: string[]): Promise<void> {
  for (const name of names) {
    const relation = name.startsWith('db-') ? { relation: 'db:1', remoteUnit: 'mysql/0' } : {}
    const remoteData = name === 'db-relation-changed' ? { remoteData: { host: '10.0.0.1' } } : {}
    if (name.startsWith('db-') && unit.state.relations.length === 0) unit.joinRelation('db', { id: 'db:1' })
    await unit.run({ name, check: false, ...relation, ...remoteData })
  }
}

const DATABASE = ['install', 'db-relation-joined', 'db-relation-changed']

it.each<[string, (text: string) => string, string[], string, RegExp]>([
  [
    'a forgotten clear_flag',
    (text) => text.replace(/(function lose_database.*\n) *clear_flag 'guestbook.database'\n/, '$1'),
    [...DATABASE, 'db-relation-broken'],
    'wait_for_database',
    /guestbook\.database is set since db-relation-changed, by .*take_database\n.*nothing in the charm clears guestbook\.database/,
  ],
  [
    'a wrong flag name',
    (text) => text.replace("set_flag 'guestbook.installed'", "set_flag 'guestbook.instaled'"),
    DATABASE,
    'configure',
    /guestbook\.installed is not set, and nothing in the charm sets it: did you mean guestbook\.instaled, which is set\?/,
  ],
  [
    'a missing decorator',
    (text) => text.replace(/^@when_file_changed.*\n/m, ''),
    DATABASE,
    'restart',
    /restart is not a handler: its function has no decorator/,
  ],
  [
    'an error that is ignored',
    (text) => text.replace('apt-get install -y guestbook', '$& || true'),
    ['install'],
    'guestbook.installed',
    /guestbook\.installed is set since install, by .*install_guestbook\n.*a failure of apt-get at .*:7 is ignored/,
  ],
  [
    'a restart in each hook',
    (text) => text.replace(/^@when_file_changed .*/m, "@when 'guestbook.configured'"),
    [...DATABASE, 'update-status'],
    'restart',
    /it ran last in update-status\n.*it runs in every hook while @when guestbook\.configured holds/,
  ],
])('names the cause in its first two lines: %s', async (_, change, events, word, cause) => {
  const unit = await mutant(change)
  try {
    await live(unit, ...events)
    const text = await explain(unit, word)
    expect(text.split('\n').slice(0, 2).join('\n')).toMatch(cause)
  } finally {
    await unit.close()
  }
})

const CHARM = {
  'metadata.yaml': 'name: app\nsummary: A\ndescription: B\n',
  'reactive/app.sh': bash(`
@when app.one
one() {
  charms.reactive explain two >"$CHARM_DIR/explained"
  set_flag app.four
  charms.reactive explain one three app.four >"$CHARM_DIR/others"; charms.reactive explain >"$CHARM_DIR/hook"
}
@when app.one app.two
two() { :; }
@when_not app.three
three() { set_flag app.two; }
register_trigger --when app.two --clear_flag app.two
`),
}

it('explains the same outside of a hook and in one, what waits, and names nearby', async () => {
  const unit = await startUnit(CHARM)
  expect(await explain(unit)).toMatch(
    /^reactive\/app\.sh:two: it does not run: app\.one is not set, and nothing/m,
  )
  await unit.command(['charms.reactive', 'set_flag', 'app.one'])
  await unit.run({ name: 'install' })
  const first = (text: string) => text.split('\n')[0]
  const inHook = fs.readFileSync(path.join(unit.charmDir, 'explained'), 'utf8')
  expect(first(inHook)).toMatch(/^reactive\/app\.sh:two: it does not run: app\.two is not set/)
  expect(inHook).toContain(
    'this hook: install: it has not run so far: @when app.one app.two (app.two was not set)',
  )
  expect(inHook).not.toContain('last hook:')
  const read = (name: string) => fs.readFileSync(path.join(unit.charmDir, name), 'utf8')
  expect(read('others').match(/this hook: .*|app\.four is set .*/g)).toEqual([
    'this hook: install: it runs now',
    'this hook: install: it runs next',
    'app.four is set since install, by reactive/app.sh:one',
  ])
  expect(first(read('hook'))).toBe('this hook, install: runs reactive/app.sh:one; next reactive/app.sh:three')
  const outside = await explain(unit, 'two')
  expect(outside).toMatch(
    /app\.two is not set\n.*was cleared in install, by a trigger, since app\.two was set by reactive\/app\.sh:three/,
  )
  expect(outside).toMatch(/set: reactive\/app\.sh:three sets it at reactive\/app\.sh:\d+/)
  expect(outside).toMatch(/cleared: a trigger clears it when app\.two is set/)
  expect(outside).toMatch(
    /last hook: install: it did not run: @when app\.one app\.two \(app\.two was not set\)/,
  )
  expect(await explain(unit, 'app.tow')).toMatch(/no such handler or flag: app\.tow: did you mean app\.two\?/)
  expect(await explain(unit, 'app.one')).toMatch(/app\.one is set since the command set_flag, by hand/)
  const [json] = JSON.parse(await explain(unit, 'app.two', '--format', 'json')) as Explanation[]
  expect(json).toMatchObject({
    kind: 'flag',
    flag: 'app.two',
    isSet: false,
    waitedForBy: ['reactive/app.sh:two'],
  })
})
