import { expect, it } from 'vitest'
import { bash, startUnit } from './charm.ts'

const METADATA = 'name: app\nrequires:\n  db: {interface: pgsql}\n'

it('relation_id and name_relation_get find the relation of a unit, as function and as executable', async () => {
  const unit = await startUnit(
    {
      'metadata.yaml': METADATA,
      'reactive/a.sh': bash(`@hook install
f() {
  charms.reactive relation_id db pgsql/0
  charms.reactive relation_id db mysql
  name_relation_get db pgsql/0 host
  name_relation_get db mysql/3 host --format=json
  env name_relation_get db mysql/3
  charms.reactive relation_id db nobody/0 || echo "$?"
}`),
    },
    {
      state: {
        relations: [
          { id: 'db:1', remoteApp: 'pgsql', remoteUnits: { 'pgsql/0': { host: 'one' } } },
          { id: 'db:2', remoteApp: 'mysql', remoteUnits: { 'mysql/3': { host: 'two' } } },
        ],
      },
    },
  )
  const result = await unit.run({ name: 'install' })
  expect(result.exitStatus).toBe(0)
  expect(result.stdout).toBe('db:1\ndb:2\none\n"two"\nhost: two\n3\n')
  expect(result.stderr).toBe(
    'charms.reactive: relation_id: no relation of db has the unit or application: nobody/0\n',
  )
})
