// `explain` finds mistakes: for each mutant of the example charm its first two lines name the cause.

import fs from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { type SimulatedUnit, simulateUnit } from '../../src/simulator/unit.ts'
import { sampled } from '../effort.ts'
import { temporaryDir } from '../end-to-end/charm.ts'

const GUESTBOOK = path.resolve(import.meta.dirname, '../../examples/guestbook')
const FILE = 'reactive/guestbook.sh'

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

type Mutant = [what: string, change: (text: string) => string, events: string[], word: string, cause: RegExp]

const MUTANTS: Mutant[] = [
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
]

it.each(sampled(MUTANTS, 2))(
  'names the cause in its first two lines: %s',
  async (_, change, events, word, cause) => {
    const unit = await mutant(change)
    try {
      await live(unit, ...events)
      const { stdout, stderr } = await unit.command(['charms.reactive', 'explain', word])
      const text = stdout + stderr
      expect(text.split('\n').slice(0, 2).join('\n')).toMatch(cause)
    } finally {
      await unit.close()
    }
  },
)
