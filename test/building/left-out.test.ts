import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { leftOutByJuju, leftOutOf } from '../../src/building/left-out.ts'
import { makeCharm } from '../test-unit.ts'

const chosen = (names: string[], isLeftOut: (name: string) => boolean) => names.filter(isLeftOut)

describe('what a packed charm leaves out', () => {
  it('is what serves development alone, and what belongs to a unit', () => {
    const out = [
      '.git/',
      'lib/a.pyc',
      'build/',
      'tests/',
      'a~',
      'x/.tox/',
      '.reactive/',
      'revision',
      'version',
    ]
    const state = [
      '.reactive-state.db',
      '.unit-state.db',
      '.juju-persistent-config',
      'build.ignore',
      'old.charm',
    ]
    const kept = [
      'lib/build/',
      'lib/tests/a.py',
      'GIT',
      'a.PYC',
      'lib/version',
      'reactive/app.sh',
      'hooks/install',
    ]
    expect(chosen([...out, ...state, ...kept], leftOutOf(makeCharm()))).toEqual([...out, ...state])
  })

  it('is what the charm names, in either of its files', () => {
    const charm = makeCharm({ '.jujuignore': '*.log\n# comment\n/notes\n', 'build.ignore': 'docs/\n' })
    const names = ['a.log', 'notes', 'docs/', 'x/notes', 'A.LOG']
    expect(chosen(names, leftOutOf(charm))).toEqual(['a.log', 'notes', 'docs/'])
    expect(chosen(names, leftOutByJuju(charm))).toEqual(['a.log', 'notes'])
  })

  it('can be taken in again, but for what is Juju’s, the archive’s or a unit’s', () => {
    const charm = makeCharm({ '.jujuignore': '!/tests/\n!version\n!.reactive-state.db\n' })
    expect(chosen(['tests/', 'version', '.reactive-state.db'], leftOutOf(charm))).toEqual([
      'version',
      '.reactive-state.db',
    ])
  })

  it('is nothing of the charm’s choice where the file is a directory', () => {
    const charm = makeCharm()
    fs.mkdirSync(path.join(charm, '.jujuignore'))
    expect(leftOutByJuju(charm)('a')).toBe(false)
  })
})
