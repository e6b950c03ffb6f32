import { expect, it } from 'vitest'
import { leaderGet, leaderSet } from '../../src/endpoints/leadership.ts'
import * as api from '../../src/handlers/javascript/api.ts'
import { setCurrent } from '../../src/unit/current-session.ts'
import { getFlags } from '../../src/unit/flags.ts'
import { makeCharm, startSession } from '../test-unit.ts'

async function session(leaderSetTool = 'exit 0') {
  const charmDir = makeCharm({
    'tools/is-leader': '#!/bin/bash\necho true\n',
    'tools/leader-get': `#!/bin/bash\necho '{"a": "1", "b": "2", "none": null}'\n`,
    'tools/leader-set': `#!/bin/bash\nprintf '%s|' "$@" >>words; ${leaderSetTool}\n`,
  })
  return startSession({ charmDir, env: { PATH: `${charmDir}/tools:${process.env.PATH}` } })
}

it('gives a setting, null for one that is not there, or all', async () => {
  const own = await session()
  expect(await leaderGet(own, 'a')).toBe('1')
  expect(await leaderGet(own, 'none')).toBeNull()
  expect(await leaderGet(own, 'constructor')).toBeNull()
  expect({ ...((await leaderGet(own)) as object) }).toEqual({ a: '1', b: '2' })
})

it('moves the flags at once, and gives what it has set', async () => {
  const own = await session()
  await leaderSet(own, { a: '1', b: '', c: 'x' })
  expect({ ...((await leaderGet(own)) as object) }).toEqual({ a: '1', c: 'x' })
  expect(getFlags(own)).toEqual([
    'leadership.changed',
    'leadership.changed.b',
    'leadership.changed.c',
    'leadership.set.a',
    'leadership.set.c',
  ])
})

it('changes nothing when the tool refuses, and says no value', async () => {
  const own = await session("echo 'ERROR cannot write settings: not the leader' >&2; exit 1")
  await expect(leaderSet(own, { a: 'secret', b: 'x' })).rejects.toMatchObject({
    exitStatus: 3,
    message: 'leader settings could not be written: a, b: cannot write settings: not the leader',
  })
  expect(getFlags(own)).toEqual([])
  expect(await leaderGet(own, 'a')).toBe('1')
})

it('refuses names that are none', async () => {
  const own = await session()
  await expect(leaderSet(own, { '': 'x' })).rejects.toThrow('not the name of a setting: ')
  await expect(leaderSet(own, { 'a=b': 'x' })).rejects.toThrow('not the name of a setting: a=b')
})

it('is there for JavaScript', async () => {
  const own = await session()
  setCurrent({
    session: own,
    registrar: { decorate: () => undefined, expectFunction: () => () => undefined },
  })
  expect(await api.isLeader()).toBe(true)
  await api.leaderSet({ a: null, d: 'y' })
  expect(await api.leaderGet('a')).toBeNull()
  expect(await api.leaderGet('d')).toBe('y')
  setCurrent(undefined)
})
