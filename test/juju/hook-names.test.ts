import { describe, expect, it } from 'vitest'
import { parseHookName } from '../../src/juju/hook-names.ts'

describe('the name of a hook', () => {
  it.each([
    ['db-relation-joined', 'relation', 'db', 'joined'],
    ['a-relation-changed-relation-broken', 'relation', 'a-relation-changed', 'broken'],
    ['data-storage-attached', 'storage', 'data', 'attached'],
    ['secret-rotate', 'secret', '', 'rotate'],
    ['web-pebble-check-failed', 'pebble', 'web', 'check-failed'],
    ['install', 'other', '', ''],
    ['-relation-joined', 'other', '', ''],
    ['db-relation-made', 'other', '', ''],
    ['x-secret-changed', 'other', '', ''],
  ])('%s is taken apart', (name, kind, subject, step) => {
    expect(parseHookName(name)).toEqual({ kind, subject, step })
  })
})
