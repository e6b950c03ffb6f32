// States of earlier versions of the toolkit open in the present one. The fixture of a schema is made by
// RECORD=yes npx vitest run test/reliability/schema-upgrades.test.ts, while it is the present one; it is never
// made again.

import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { KEY } from '../../src/unit/keys.ts'
import { SCHEMA, UPGRADES, type Upgrade } from '../../src/unit/state-upgrades.ts'
import { makeCharm, makeDir, openState, runCli } from '../test-unit.ts'
import { kindOf, makeFullState, shapeOf } from './schema-upgrades/full-state.ts'

const FIXTURES = path.resolve(import.meta.dirname, '../fixtures/states')
const SCHEMAS = Array.from({ length: SCHEMA }, (_, n) => n + 1)

interface Recorded {
  values: Record<string, unknown>
  traces: Record<string, unknown>[]
}

/** Keys that came within a schema: states that lack them are whole, and a toolkit that does not know them keeps them. */
const LATER_KEYS: string[] = [KEY.unsharedSettings, KEY.handedSettings]

/** The same of fields of a record. */
const LATER_FIELDS = ['hookTools']

const fixture = (schema: number, ending: 'db' | 'json') => path.join(FIXTURES, `schema-${schema}.${ending}`)

const recordOf = (schema: number): Recorded => JSON.parse(fs.readFileSync(fixture(schema, 'json'), 'utf8'))

async function read(file: string, upgrades?: readonly Upgrade[]): Promise<Recorded> {
  const state = await openState({ path: file, ...(upgrades && { upgrades }) })
  const values = [...state.entries('')].sort(([a], [b]) => (a < b ? -1 : 1))
  return { values: Object.fromEntries(values), traces: await state.traces() }
}

/** A copy of a recorded state, which may be changed. */
function copyOf(schema: number): string {
  const file = path.join(makeDir(), 'state.db')
  fs.copyFileSync(fixture(schema, 'db'), file)
  return file
}

async function fixPresent(): Promise<void> {
  const file = await makeFullState()
  fs.mkdirSync(FIXTURES, { recursive: true })
  // Nothing that was overwritten stays in it.
  execFileSync('python3', ['-c', 'import sqlite3, sys; sqlite3.connect(sys.argv[1]).execute("VACUUM")', file])
  fs.copyFileSync(file, fixture(SCHEMA, 'db'), fs.constants.COPYFILE_EXCL)
  fs.writeFileSync(fixture(SCHEMA, 'json'), `${JSON.stringify(await read(file), null, 2)}\n`)
}

describe('the fixture of the present schema', () => {
  it('is there: a new schema needs one of its own', async () => {
    if (process.env.RECORD !== undefined) await fixPresent()
    expect(fs.existsSync(fixture(SCHEMA, 'db')), `no fixture of schema ${SCHEMA}`).toBe(true)
    expect(recordOf(SCHEMA).values['meta:schema']).toBe(SCHEMA)
  })

  it('has every kind of key and value that a unit leaves today: others need a new schema', async () => {
    const now = await read(await makeFullState())
    const then = recordOf(SCHEMA)
    const kinds = (values: Recorded['values']) => [...new Set(Object.entries(values).map(kindOf))].sort()
    expect(kinds(now.values)).toEqual(kinds(then.values))
    const fields = ({ traces }: Recorded) => traces.map((row) => Object.keys(row).sort())
    expect(fields(now)).toEqual(fields(then).map((names) => [...names, ...LATER_FIELDS].sort()))
  })

  it('has every key that the unit state knows', () => {
    const recorded = Object.keys(recordOf(SCHEMA).values)
    const isRecorded = (key: string) =>
      recorded.some((one) => (key.endsWith(':') ? one.startsWith(key) : one === key))
    expect(Object.values(KEY).filter((key) => !isRecorded(key))).toEqual(LATER_KEYS)
  })
})

describe.each(SCHEMAS)('a state of schema %i', (schema) => {
  it('opens with all that was recorded, through every step to the present', async () => {
    const expected = new Map(Object.entries(recordOf(schema).values))
    for (const upgrade of UPGRADES.slice(schema - 1)) upgrade(expected)
    const { values, traces } = await read(copyOf(schema))
    expect(values).toStrictEqual({ ...Object.fromEntries(expected), 'meta:schema': SCHEMA })
    expect(traces).toStrictEqual(recordOf(schema).traces)
  })

  it('answers the commands of today', async () => {
    const charmDir = makeCharm()
    fs.copyFileSync(fixture(schema, 'db'), path.join(charmDir, '.reactive-state.db'))
    expect((await runCli(charmDir, ['is_flag_set', 'a flag'])).status).toBe(0)
    const { stdout } = await runCli(charmDir, ['kv', 'get', 'a key', '--format', 'json'])
    expect(JSON.parse(stdout)).toEqual({ deep: [1, { text: 'ü' }] })
  })
})

/** Two steps as later versions could have them: a key gets another name, then values another shape. */
const LATER: readonly Upgrade[] = [
  ...UPGRADES,
  (values) => {
    for (const key of [...values.keys()].filter((one) => one.startsWith('kv:'))) {
      values.set(`own:${key.slice(3)}`, values.get(key))
      values.delete(key)
    }
  },
  (values) => {
    for (const [key, value] of values) if (key.startsWith('own:')) values.set(key, { value })
  },
]

describe('steps to a later schema', () => {
  const laterValues = (): Recorded['values'] => {
    const values = new Map(Object.entries(recordOf(SCHEMA).values))
    for (const upgrade of LATER.slice(SCHEMA - 1)) upgrade(values)
    return { ...Object.fromEntries(values), 'meta:schema': LATER.length + 1 }
  }

  it.each([false, true])('are done once, when the file is opened (exclusive: %s)', async (exclusive) => {
    const file = copyOf(SCHEMA)
    const state = await openState({ path: file, upgrades: LATER, exclusive })
    expect(state.get('own:a key')).toEqual({ value: { deep: [1, { text: 'ü' }] } })
    await state.close()
    const again = await read(file, LATER)
    expect(again.values).toStrictEqual(laterValues())
    expect(again.traces).toStrictEqual(recordOf(SCHEMA).traces)
  })

  it('leave the file as it was when one fails', async () => {
    const file = copyOf(SCHEMA)
    const broken: Upgrade = () => {
      throw new Error('a step that fails')
    }
    await expect(openState({ path: file, upgrades: [...LATER, broken] })).rejects.toThrow('a step that fails')
    expect((await read(file)).values).toStrictEqual(recordOf(SCHEMA).values)
  })

  it('are done by one of several that open it at once, and none loses what it writes', async () => {
    const file = copyOf(SCHEMA)
    await Promise.all(
      Array.from({ length: 3 }, async (_, n) => {
        const state = await openState({ path: file, upgrades: LATER, exclusive: n % 2 === 0 })
        state.set(`flag:at once ${n}`, null)
        await state.commit()
      }),
    )
    const added = Array.from({ length: 3 }, (_, n) => [`flag:at once ${n}`, null])
    const { values } = await read(file, LATER)
    expect(values).toStrictEqual({ ...laterValues(), ...Object.fromEntries(added) })
  })

  it('are refused by a toolkit of today, which leaves the file untouched', async () => {
    const charmDir = makeCharm()
    const file = path.join(charmDir, '.reactive-state.db')
    fs.copyFileSync(fixture(SCHEMA, 'db'), file)
    await read(file, LATER)
    const before = [fs.readFileSync(file, 'base64'), fs.statSync(file, { bigint: true }).mtimeNs]
    for (const words of [['get_flags'], ['set_flag', 'x'], ['main', 'update-status']]) {
      const { status, stdout, stderr } = await runCli(charmDir, words)
      expect([status, stdout]).toEqual([3, ''])
      expect(stderr).toBe(
        `charms.reactive: ${words[0]}: the unit state has schema ${LATER.length + 1}, ` +
          `newer than this toolkit's ${SCHEMA}: ${file}\n`,
      )
    }
    expect([fs.readFileSync(file, 'base64'), fs.statSync(file, { bigint: true }).mtimeNs]).toEqual(before)
    expect(fs.readdirSync(charmDir).sort()).toEqual(['.reactive-state.db', 'metadata.yaml'])
  })
})

it('the shape of a value is what the toolkit chose, not what was in it', () => {
  expect(shapeOf({ b: [1, 'x', 2], a: null })).toBe('{a: null, b: [number string]}')
})
