import { describe, expect, it } from 'vitest'
import { anyHook, expandHookPattern } from '../../src/handlers/hook-patterns.ts'
import { startSession } from '../test-unit.ts'

const ENDPOINTS: Record<string, string[]> = {
  'provides http': ['website', 'api'],
  'requires my-sql': ['main-db', 'spare-db'],
  'peer ring': ['ring'],
}
const endpoints = (role: string, interfaceName: string) => ENDPOINTS[`${role} ${interfaceName}`] ?? []

describe('a hook pattern', () => {
  it.each<[string, string[]]>([
    ['install', ['install']],
    ['db-relation-{joined,changed}', ['db-relation-joined', 'db-relation-changed']],
    ['{provides:http}-relation-joined', ['website-relation-joined', 'api-relation-joined']],
    [
      '{provides:http}-relation-{joined,changed}',
      ['website-relation-joined', 'website-relation-changed', 'api-relation-joined', 'api-relation-changed'],
    ],
    ['{requires:http}-relation-joined', []],
    ['{requires:my-sql}-relation-joined', ['main-db-relation-joined', 'spare-db-relation-joined']],
    [
      'my-{db,cache}-relation-{joined,changed}',
      [
        'my-db-relation-joined',
        'my-db-relation-changed',
        'my-cache-relation-joined',
        'my-cache-relation-changed',
      ],
    ],
    ['{peer:ring}-relation-departed', ['ring-relation-departed']],
    ['{a,b}-{c,d}', ['a-c', 'a-d', 'b-c', 'b-d']],
    ['{', ['{']],
    ['x{}y', ['xy']],
    ['$(date)', ['$(date)']],
  ])('%s stands for %j', (pattern, names) => {
    expect(expandHookPattern(pattern, endpoints)).toEqual(names)
  })

  it('matches the hook, never an action', async () => {
    const hook = await startSession({ env: { JUJU_HOOK_NAME: 'db-relation-joined' } })
    expect(anyHook(hook, ['install', 'db-relation-{joined,changed}'])).toBe(true)
    expect(anyHook(hook, ['install'])).toBe(false)
    expect(anyHook(await startSession(), [''])).toBe(false)
  })
})
