import { expect, it } from 'vitest'
import { readEndpoints } from '../src/endpoints.ts'
import { makeCharm, makeDir } from './test-unit.ts'

it('finds endpoints by role and interface', () => {
  const find = readEndpoints(
    makeCharm({
      'metadata.yaml':
        'name: app\nprovides: {web: http, api: {interface: http}}\nrequires: {db: {interface: mysql}}\npeers: {ring: {interface: app}}\n',
    }),
  )
  expect(find('provides', 'http')).toEqual(['web', 'api'])
  expect(find('requires', 'mysql')).toEqual(['db'])
  expect(find('requires', 'http')).toEqual([])
  expect([find('peer', 'app'), find('peers', 'app')]).toEqual([['ring'], ['ring']])
  expect(find('constructor', 'x')).toEqual([])
})

it('needs the metadata of the charm', () => {
  expect(() => readEndpoints(makeDir())).toThrow('metadata.yaml')
})
