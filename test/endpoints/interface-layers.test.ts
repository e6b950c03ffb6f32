import { expect, it } from 'vitest'
import { expandEndpointName, interfaceOf, wholeRole } from '../../src/endpoints/interface-layers.ts'

it.each<[string, string | undefined, string?]>([
  ['reactive/relations/mysql/requires.sh', 'requires', 'mysql'],
  ['reactive/relations/mysql/provides.mjs', 'provides', 'mysql'],
  ['reactive/relations/my-sql.v2/provides', 'provides', 'my-sql.v2'],
  ['reactive/relations/ring/peers.js', 'peers', 'ring'],
  ['reactive/relations/ring/peer.sh', 'peers', 'ring'],
  ['hooks/relations/mysql/requires.py', 'requires', 'mysql'],
  ['reactive/relations/mysql/common.sh', undefined],
  ['reactive/relations/mysql/requires-old.sh', undefined],
  ['reactive/relations/mysql/lib/requires.sh', undefined],
  ['reactive/relations/requires.sh', undefined],
  ['reactive/mysql/requires.sh', undefined],
  ['lib/reactive/relations/mysql/requires.sh', undefined],
])('%s speaks for the role %s', (file, role, interfaceName) => {
  expect(interfaceOf(file)).toEqual(role && { role, interface: interfaceName })
})

it('knows peers in the singular', () => {
  expect([wholeRole('peer'), wholeRole('peers'), wholeRole('requires')]).toEqual([
    'peers',
    'peers',
    'requires',
  ])
})

it.each([
  ['{endpoint_name}', 'db'],
  ['endpoint.{endpoint_name}.changed.{endpoint_name}', 'endpoint.db.changed.db'],
  ['a {b} {0} %s {} {{endpoint_name}} ${endpoint_name}', 'a {b} {0} %s {} {db} $db'],
  ['{ endpoint_name }', '{ endpoint_name }'],
])('%s becomes %s', (text, expanded) => {
  expect(expandEndpointName(text, 'db')).toBe(expanded)
})

it('takes the name as it is', () => {
  expect(expandEndpointName('{endpoint_name}', "$&$1$'")).toBe("$&$1$'")
})
