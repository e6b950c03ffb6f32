import { expect, it } from 'vitest'
import { bash, startUnit } from './charm.ts'

const METADATA = `name: app
requires:
  db: {interface: mysql}
provides:
  website: http
resources:
  image: {type: file, filename: image}
`
const file = (body: string) => `import { action, hook, hookTools as tools } from 'charms.reactive'
import fs from 'node:fs'
const got = {}
const keep = () => fs.writeFileSync('got.json', JSON.stringify(got))
${body}`

it('gives every hook tool that there is to JavaScript', async () => {
  const unit = await startUnit(
    {
      'metadata.yaml': METADATA,
      'config.yaml':
        'options:\n  none: {type: string, description: x}\n  empty: {type: string, default: "", description: x}\n',
      'reactive/app.mjs': file(`hook('db-relation-changed', async function tries() {
  got.config = await tools.configGet()
  got.leader = await tools.isLeader()
  await tools.leaderSet({ '-a': '-x', b: 'y\\n"z"' })
  got.settings = await tools.leaderGet()
  await tools.statusSet('active', '--application')
  got.status = await tools.statusGet()
  await tools.statusSet('blocked', 'all', { application: true })
  got.application = await tools.statusGet({ application: true })
  await tools.stateSet({ '--strict': 'a: b\\n\\u0085\\u2028', empty: '', gone: 'x' })
  await tools.stateDelete('gone')
  got.state = await tools.stateGet()
  got.ids = [await tools.relationIds('db'), await tools.relationIds('website')]
  got.members = await tools.relationList('db:1')
  got.remote = await tools.relationApplication('db:1')
  got.data = await tools.relationGet('db:1', 'mysql/0')
  await tools.relationSet('db:1', { '-r': '--file', text: 'a\\n"b" é', 'private-address': null })
  got.own = await tools.relationGet('db:1', 'app/0')
  await tools.relationSet('db:1', { shared: 'x' }, { application: true })
  got.ownApplication = await tools.relationGet('db:1', 'app', { application: true })
  got.address = await tools.unitGet('private-address')
  got.network = (await tools.networkGet('db'))['ingress-addresses']
  got.networkOfRelation = (await tools.networkGet('db', 'db:1'))['ingress-addresses']
  await tools.openPort('80/tcp', ['website'])
  await tools.openPort('90-95/udp')
  got.ports = await tools.openedPorts()
  got.resource = await tools.resourceGet('image')
  await tools.applicationVersionSet('-1.0')
  await tools.jujuLog('--debug', 'WARNING')
  got.goal = Object.keys(await tools.goalState()).sort()
  keep()
})
hook('start', async function again() {
  got.ports = [await tools.openedPorts(), await tools.openedPorts({ endpoints: true })]
  await tools.closePort('80/tcp', ['website'])
  keep()
})
`),
    },
    {
      state: {
        leader: true,
        relations: [{ id: 'db:1', remoteApp: 'mysql', remoteUnits: { 'mysql/0': { host: 'h' } } }],
        resources: { image: '/some file' },
      },
    },
  )
  const read = async () => JSON.parse((await unit.command(['cat', 'got.json'])).stdout)
  const changed = await unit.run({ name: 'db-relation-changed' })
  expect(changed).toMatchObject({ exitStatus: 0, stderr: '' })
  expect(await read()).toEqual({
    config: { none: null, empty: '' },
    leader: true,
    settings: { '-a': '-x', b: 'y\n"z"' },
    status: { status: 'active', message: '--application', data: {} },
    application: { status: 'blocked', message: 'all', data: {} },
    state: { '--strict': 'a: b\n\u0085\u2028', empty: '' },
    ids: [['db:1'], []],
    members: ['mysql/0'],
    remote: 'mysql',
    data: { host: 'h' },
    own: expect.objectContaining({ '-r': '--file', text: 'a\n"b" é' }),
    ownApplication: { shared: 'x' },
    address: '10.0.0.10',
    network: ['10.0.0.10'],
    networkOfRelation: ['10.0.0.10'],
    ports: [],
    resource: '/some file',
    goal: ['relations', 'units'],
  })
  expect(unit.state.version).toBe('-1.0')
  expect(changed.log).toContainEqual({ level: 'WARNING', message: '--debug', source: 'juju-log' })
  expect(unit.state.relations[0]?.localUnit).not.toHaveProperty('private-address')
  expect(await unit.run({ name: 'start' })).toMatchObject({ exitStatus: 0, stderr: '' })
  expect(await read()).toEqual({
    ports: [
      ['80/tcp', '90-95/udp'],
      ['80/tcp (website)', '90-95/udp (*)'],
    ],
  })
  expect(unit.state.ports).toHaveLength(1)
})

it('helpers that the engine answers print what the hook tools print, byte for byte', async () => {
  const forms = [
    'config_get text',
    'config_get empty',
    'config_get lines',
    'config_get no',
    'config_get yes',
    'config_get zero',
    'config_get large',
    'config_get float',
    'config_get space',
    'config_get unset',
    'leader_get',
    'leader_get text',
    'leader_get empty',
    'leader_get none',
  ]
  const unit = await startUnit(
    {
      'config.yaml': `options:
  text: {type: string, default: a b}
  empty: {type: string, default: ""}
  lines: {type: string, default: "a\\nb\\n"}
  space: {type: string, default: " "}
  no: {type: boolean, default: false}
  yes: {type: boolean, default: true}
  zero: {type: int, default: 0}
  large: {type: int, default: 123456789012}
  float: {type: float, default: 1.5}
  unset: {type: string}
`,
      'reactive/app.sh': bash(`
@hook install
compares() {
  leader_set text=x
  while read -r helper words; do
    "$helper" $words >ours; echo "$?" >>ours
    "\${helper//_/-}" $words >theirs; echo "$?" >>theirs
    cmp -s ours theirs || { echo "$helper $words"; cat -A ours theirs; }
  done <<'END'
${forms.join('\n')}
END
  mapfile -t nothing < <(config_get empty)
  echo "\${#nothing[@]}"
}`),
    },
    { state: { leader: true } },
  )
  expect(await unit.run({ name: 'install' })).toMatchObject({ exitStatus: 0, stdout: '0\n', stderr: '' })
})

it('name_relation_get prints what relation-get prints, byte for byte', async () => {
  const unit = await startUnit(
    {
      'metadata.yaml': 'name: app\nrequires:\n  db: {interface: pgsql}\n  log: {interface: syslog}\n',
      'reactive/app.sh': bash(`
@hook install
compares() {
  for words in 'db:1 pgsql/0' 'log:2 syslog/0'; do
    for key in - host empty list; do
      name_relation_get "\${words%%:*}" "\${words#* }" "$key" >ours; echo "$?" >>ours
      relation-get -r "\${words% *}" "$key" "\${words#* }" >theirs; echo "$?" >>theirs
      cmp -s ours theirs || { echo "$words $key"; cat -A ours theirs; }
    done
  done
}`),
    },
    {
      state: {
        relations: [
          {
            id: 'db:1',
            remoteApp: 'pgsql',
            remoteUnits: { 'pgsql/0': { host: 'one', list: 'a\nb', yes: 'true', number: '017' } },
          },
          { id: 'log:2', remoteApp: 'syslog', remoteUnits: { 'syslog/0': {} } },
        ],
      },
    },
  )
  expect(await unit.run({ name: 'install' })).toMatchObject({ exitStatus: 0, stdout: '', stderr: '' })
})
