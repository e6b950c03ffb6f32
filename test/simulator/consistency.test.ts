import { describe, expect, it } from 'vitest'
import { readCharm } from '../../src/simulator/consistency/charm.ts'
import { KIT_FUNCTIONS } from '../../src/simulator/consistency/vocabulary.ts'
import { ConsistencyError, findInconsistencies, RULES } from '../../src/simulator/consistency.ts'
import type { SimulatedEvent } from '../../src/simulator/events.ts'
import type { GivenState } from '../../src/simulator/new-juju-state.ts'
import { parsePortRange } from '../../src/simulator/port-ranges.ts'
import { stateOfCharm } from '../../src/simulator/simulated-charm.ts'
import { type CharmFiles, makeCharm, runScript, STATE, startUnit } from './test-charm.ts'

const METADATA = `
name: app
requires:
  db: {interface: mysql, limit: 1}
  host: {interface: juju-info, scope: container}
provides:
  website: http
peers:
  cluster: {interface: app-cluster}
storage:
  data: {type: filesystem, multiple: {range: 0-1}}
resources: {image: {type: file, filename: x}}
containers: {web: {}}
extra-bindings: {admin: null}
`
const CONFIG = `
options:
  port: {type: int, default: 80, description: x}
  key: {type: secret, description: x}
`
const ACTIONS = `
backup:
  params: {target: {type: string}, depth: {type: integer, minimum: 1}}
  required: [target]
  additionalProperties: false
Bad_name: {description: x}
`
const CHARM = { 'metadata.yaml': METADATA, 'config.yaml': CONFIG, 'actions.yaml': ACTIONS }
const ID = '0000000000000000000g'
const OTHER = '00000000000000000010'
const INSTALL = 'install'
const content = { token: 'x' }

const db = (more = {}) => ({ id: 'db:1', remoteApp: 'mysql', remoteUnits: { 'mysql/0': {} }, ...more })
const backup = (params: Record<string, unknown>) => ({ name: 'backup', action: { name: 'backup', params } })

/** Rule, event, state, what is said; files of the charm that are other ones. */
type Case = [
  rule: string,
  event: string | SimulatedEvent,
  state: GivenState,
  message: string,
  files?: CharmFiles,
]

const CASES: Case[] = [
  ['hook exists', 'instal', {}, 'Juju has no hook instal: did you mean install?'],
  [
    'hook of this Juju',
    'secret-changed',
    { jujuVersion: '2.9.1', secrets: [{ id: ID, owner: 'x', content }] },
    'secret-changed: Juju 2.9.1 has no such hook yet: set juju_version to 3.0 or later',
  ],
  [
    'hook of this Juju',
    'collect-metrics',
    { jujuVersion: '3.6.11' },
    'collect-metrics: Juju 3.6.11 no longer has this hook: set juju_version to one before 3.6.11',
  ],
  [
    'hook of this Juju',
    'leader-settings-changed',
    { jujuVersion: '4.0.0', leader: false },
    'leader-settings-changed: Juju 4.0.0 no longer has this hook: set juju_version to one before 4.0',
  ],
  [
    'action parameters',
    backup({ speed: 1 }),
    { jujuVersion: '4.0.0' },
    'action backup: actions.yaml declares no parameter speed: declare it, or leave it out',
    { 'actions.yaml': 'backup: {params: {target: {type: string}}}\n' },
  ],
  [
    'endpoint of the hook',
    'dbb-relation-joined',
    {},
    'dbb-relation-joined: metadata.yaml declares no endpoint dbb: declare it, or check the name (it has website, db, host, cluster)',
  ],
  [
    'storage of the hook',
    'disk-storage-attached',
    {},
    'disk-storage-attached: metadata.yaml declares no storage disk: declare it, or check the name (it has data)',
  ],
  [
    'container of the hook',
    'app-pebble-ready',
    {},
    'app-pebble-ready: metadata.yaml declares no container app: declare it, or check the name',
  ],
  [
    'action is declared',
    { name: 'x', action: { name: 'restore' } },
    {},
    'the charm has no such action: restore: declare it in actions.yaml, or check the name (it has backup, Bad_name)',
  ],
  [
    'action has a legal name',
    { name: 'x', action: { name: 'Bad_name' } },
    {},
    'action Bad_name: Juju refuses the name: use lower case letters, digits and hyphens, and not juju in front',
  ],
  [
    'action parameters',
    backup({ target: 5 }),
    {},
    'action backup: the parameter target must be string: 5: correct it, or its schema in actions.yaml',
  ],
  ['action parameters', backup({}), {}, 'action backup: the parameter target is required: give it'],
  [
    'action parameters',
    backup({ target: '/x', speed: 1 }),
    {},
    'action backup: actions.yaml declares no parameter speed: declare it, or leave it out',
  ],
  [
    'action parameters',
    backup({ target: '/x', depth: 0 }),
    {},
    'action backup: the parameter depth must be >= 1: 0: correct it, or its schema in actions.yaml',
  ],
  [
    'actions of the state',
    INSTALL,
    { actions: { restore: {} } },
    'actions.restore: actions.yaml declares no such action: declare it, or check the name',
  ],
  [
    'relation has a place',
    { name: INSTALL, relation: 'db:1' },
    {},
    'install: the event has a relation, which only relation hooks have: leave it out',
  ],
  [
    'remoteUnit has a place',
    { name: INSTALL, remoteUnit: 'mysql/0' },
    {},
    'install: the event has a remote unit, which only relation hooks have: leave it out',
  ],
  [
    'departingUnit has a place',
    { name: 'db-relation-changed', departingUnit: 'mysql/0' },
    { relations: [db()] },
    'db-relation-changed: the event has a departing unit, which only -relation-departed have: leave it out',
  ],
  [
    'storage has a place',
    { name: INSTALL, storage: 'data/0' },
    {},
    'install: the event has a storage, which only storage hooks have: leave it out',
  ],
  [
    'secret has a place',
    { name: INSTALL, secret: ID },
    {},
    'install: the event has a secret, which only secret hooks have: leave it out',
  ],
  [
    'secretRevision has a place',
    { name: 'secret-changed', secretRevision: 1 },
    { secrets: [{ id: ID, owner: 'x', content }] },
    'secret-changed: the event has a revision of a secret, which only secret-expired, secret-remove and secret-rotate have: leave it out',
  ],
  [
    'notice has a place',
    { name: INSTALL, notice: { id: '1', type: 'custom', key: 'x' } },
    {},
    'install: the event has a notice, which only -pebble-custom-notice have: leave it out',
  ],
  [
    'pebbleCheck has a place',
    { name: 'web-pebble-ready', pebbleCheck: 'up' },
    {},
    'web-pebble-ready: the event has a check, which only -pebble-check-failed and -pebble-check-recovered have: leave it out',
  ],
  [
    'target has a place',
    { name: INSTALL, target: 'jammy' },
    {},
    'install: the event has a target, which only pre-series-upgrade have: leave it out',
  ],
  [
    'custom notice has a notice',
    'web-pebble-custom-notice',
    {},
    'web-pebble-custom-notice: the event has no notice: give its id, type and key',
  ],
  [
    'check hook has a check',
    'web-pebble-check-failed',
    {},
    'web-pebble-check-failed: the event names no check: give one',
  ],
  [
    'leader-elected is for the leader',
    'leader-elected',
    { leader: false },
    'leader-elected: the unit is not the leader: set leader to true',
  ],
  [
    'leader-settings-changed is for others',
    'leader-settings-changed',
    {},
    'leader-settings-changed: the leader is not told about its own settings: set leader to false',
  ],
  [
    'tools that fail',
    { name: INSTALL, failTools: [{ tool: 'confg-get' }] },
    {},
    'install: Juju has no hook tool confg-get: check the name',
  ],
  [
    'tools that fail',
    { name: INSTALL, failTools: [{ tool: 'state-get' }] },
    { jujuVersion: '2.7.1' },
    'install: Juju 2.7.1 has no state-get: set juju_version to 2.8 or later',
  ],
  [
    'tools that fail',
    { name: INSTALL, failTools: [{ tool: 'leader-get' }] },
    { jujuVersion: '4.0.0' },
    'install: Juju 4.0.0 has no leader-get: set juju_version to one before 4.0',
  ],
  [
    'tools that fail',
    { name: 'collect-metrics', failTools: [{ tool: 'config-get' }] },
    {},
    'collect-metrics: config-get never works in this hook: choose juju-log, or another hook',
  ],
  [
    'tool of the moment',
    { name: INSTALL, killDuring: { tool: 'statusset' } },
    {},
    'install: Juju has no hook tool statusset: check the name',
  ],
  [
    'relation is there',
    'db-relation-departed',
    { relations: [{ id: 'website:2' }] },
    'db-relation-departed: there is no relation: db: let it begin first, or add it to relations (there are: website:2)',
  ],
  [
    'relation of the endpoint',
    { name: 'db-relation-created', relation: 'website:2' },
    { relations: [{ id: 'website:2' }] },
    'db-relation-created: the relation belongs to another endpoint: website:2: name one of db',
  ],
  [
    'remote unit has a place',
    { name: 'db-relation-broken', remoteUnit: 'mysql/0' },
    { relations: [db()] },
    'db-relation-broken: the hook has no remote unit: mysql/0: leave it out',
  ],
  [
    'remote unit is given',
    'db-relation-departed',
    { relations: [{ id: 'db:1' }] },
    'db-relation-departed: the relation has no remote unit: db:1: name it, or add it to remote_units',
  ],
  [
    'application data changes only in -changed',
    { name: 'db-relation-joined', remoteUnit: '' },
    { relations: [db()] },
    'db-relation-joined: the hook is about a unit: name the remote unit',
  ],
  [
    'remote unit belongs to the relation',
    { name: 'db-relation-joined', remoteUnit: 'pgsql/0' },
    { relations: [db()] },
    'db-relation-joined: no unit of relation db:1: pgsql/0: name one of mysql',
  ],
  [
    'remote unit is a member',
    { name: 'db-relation-departed', remoteUnit: 'mysql/5' },
    { relations: [db()] },
    'db-relation-departed: no unit of relation db:1: mysql/5: let it join first, or add it to remote_units',
  ],
  [
    'remote unit is another one',
    { name: 'cluster-relation-joined', remoteUnit: 'app/0' },
    { relations: [{ id: 'cluster:1' }] },
    'cluster-relation-joined: the unit is not told about itself: app/0: name another unit',
  ],
  [
    'remoteData has a place',
    { name: 'db-relation-departed', remoteUnit: 'mysql/0', remoteData: { host: 'h' } },
    { relations: [db()] },
    'db-relation-departed: the event has data of a remote unit, which only -relation-joined and -relation-changed have: leave it out',
  ],
  [
    'departing unit takes part',
    { name: 'db-relation-departed', remoteUnit: 'mysql/0', departingUnit: 'mysql/3' },
    { relations: [db()] },
    'db-relation-departed: the departing unit is neither mysql/0 nor this one: mysql/3: name one of them',
  ],
  [
    'peer relations do not break',
    'cluster-relation-broken',
    { relations: [{ id: 'cluster:1' }] },
    'cluster-relation-broken: a peer relation does not break while the unit lives: cluster:1: leave the hook out',
  ],
  [
    'options are declared',
    INSTALL,
    { config: { prt: 1 } },
    'config.prt: the charm has no such option: declare it in config.yaml, or check the name (it has port, key)',
  ],
  [
    'defaults have their types',
    INSTALL,
    {},
    'config.yaml:3:36: the default of release must be of type string: 1.10: quote it: "1.10"',
    { 'config.yaml': '# What Juju refuses\noptions:\n  release: {type: string, default: 1.10}\n' },
  ],
  [
    'options have their types',
    INSTALL,
    { config: { port: '80' } },
    'config.port: the option is of type int: "80": correct the value',
  ],
  [
    'secret options name secrets',
    INSTALL,
    { config: { key: 'x' } },
    'config.key: the option is a secret: "x": give secret:ID',
  ],
  [
    'secret options need Juju 3.4',
    INSTALL,
    { jujuVersion: '3.3.0', config: { key: `secret:${ID}` } },
    'config.key: Juju 3.3.0 has no options of type secret: set juju_version to 3.4 or later',
  ],
  [
    'unit has a legal name',
    INSTALL,
    { unit: 'app-0' },
    'unit: not a unit name: app-0: give APPLICATION/NUMBER',
  ],
  [
    'Juju has a version',
    INSTALL,
    { jujuVersion: 'three' },
    'juju_version: not a version of Juju: three: give one such as 3.6.0',
  ],
  [
    'model has a UUID',
    INSTALL,
    { model: { uuid: '1' } },
    'model.uuid: not a UUID: 1: correct it, or leave it out',
  ],
  [
    'only a subordinate has a principal',
    INSTALL,
    { principalUnit: 'web/0' },
    'principal_unit: the charm is not a subordinate: web/0: leave it out, or declare subordinate',
  ],
  [
    'statuses are legal',
    INSTALL,
    { status: { unit: { status: 'idle', message: '' } } },
    'status.unit: Juju has no status idle: use one of maintenance, blocked, waiting, active, unknown',
  ],
  [
    'resources are declared',
    INSTALL,
    { resources: { img: '/x' } },
    'resources.img: metadata.yaml declares no such resource: declare it, or check the name (it has image)',
  ],
  [
    'ports do not overlap',
    INSTALL,
    { ports: [parsePortRange('80-90'), parsePortRange('85')] },
    'ports: 80-90/tcp and 85/tcp overlap: leave one out',
  ],
  [
    'ports are of endpoints',
    INSTALL,
    { ports: [parsePortRange('80', 'web')] },
    'ports: 80/tcp is open for web, which is not an endpoint: declare it, or check the name',
  ],
  [
    'bindings are declared',
    INSTALL,
    { network: { adm: {} } },
    'network.adm: metadata.yaml declares no such endpoint or binding: declare it, or check the name',
  ],
  [
    'bindings are no endpoints',
    INSTALL,
    {},
    'metadata.yaml: db is an endpoint and an extra binding: rename one of them',
    { 'metadata.yaml': `${METADATA}\n`.replace('admin: null', 'db: null') },
  ],
  [
    'endpoints are declared once',
    INSTALL,
    {},
    'metadata.yaml: the endpoint db is declared twice: rename one',
    { 'metadata.yaml': METADATA.replace('website: http', 'db: http') },
  ],
  [
    'addresses are addresses',
    INSTALL,
    { network: { db: { address: 'host' } } },
    'network.db: not an address: host: give an IP address',
  ],
  [
    'subnets are subnets',
    INSTALL,
    { network: { db: { egress: ['10.0.0.1'] } } },
    'network.db: not a subnet: 10.0.0.1: give ADDRESS/BITS',
  ],
  [
    'goals are of endpoints',
    INSTALL,
    { goalState: { relations: { x: {} } } },
    'goal_state.relations.x: metadata.yaml declares no endpoint x: declare it, or check the name',
  ],
  [
    'state-set needs Juju 2.8',
    INSTALL,
    { jujuVersion: '2.7.0', charmState: { a: '1' } },
    'charm_state: Juju 2.7.0 keeps no charm state: set juju_version to 2.8 or later',
  ],
  [
    'charm state fits',
    INSTALL,
    { charmState: { ['k'.repeat(257)]: '1' } },
    `charm_state.${'k'.repeat(40)}: longer than Juju keeps (256 and 65536 bytes): shorten it`,
  ],
  [
    'leader settings are not empty',
    INSTALL,
    { leaderSettings: { a: '' } },
    'leader_settings.a: Juju keeps no empty value: leave it out',
  ],
  [
    'leader settings are of Juju before 4',
    INSTALL,
    { jujuVersion: '4.0.0', leaderSettings: { a: '1' } },
    'leader_settings: Juju 4.0.0 has none: leave them out, or set juju_version to one before 4.0',
  ],
  [
    'flags have legal names',
    INSTALL,
    { flags: ['a\nb'] },
    'flags: a flag name has no control characters: "a\\nb": correct it',
  ],
  [
    'proxies are of Juju',
    INSTALL,
    { proxies: { socks: 'x' } },
    'proxies.socks: not a proxy of Juju: use one of http, https, ftp, no',
  ],
  [
    'legacy proxies are of Juju',
    INSTALL,
    { legacyProxies: { socks: 'x' } },
    'legacyProxies.socks: not a proxy of Juju: use one of http, https, ftp, no',
  ],
  [
    'endpoints are declared',
    INSTALL,
    { relations: [{ id: 'dbb:1' }] },
    'relation dbb:1: metadata.yaml declares no endpoint dbb: declare it, or check the name',
  ],
  [
    'roles are as declared',
    INSTALL,
    { relations: [db({ role: 'provides' })] },
    'relation db:1: metadata.yaml has db below requires, not provides: leave the role out',
  ],
  [
    'interfaces are as declared',
    INSTALL,
    { relations: [db({ interface: 'pgsql' })] },
    'relation db:1: the interface of db is mysql, not pgsql: leave it out',
  ],
  [
    'relation ids are unique',
    INSTALL,
    { relations: [db(), { id: 'website:1' }] },
    'relations: the number 1 is used twice: give each relation a number of its own',
  ],
  [
    'relation ids name the endpoint',
    INSTALL,
    { relations: [db({ endpoint: 'website', interface: 'http', role: 'provides' })] },
    'relation db:1: its endpoint is website: call it website:1',
  ],
  [
    'remote units are of the remote application',
    INSTALL,
    { relations: [db({ remoteUnits: { 'pgsql/0': {} } })] },
    'relation db:1: pgsql/0 is not a unit of mysql: correct it, or remote_app',
  ],
  [
    'the unit is not its own peer',
    INSTALL,
    { peers: { cluster: { 'app/0': {} } } },
    'relation cluster:1: remote_units holds the unit itself: app/0: give its data as local_unit',
  ],
  [
    'who has left is no member',
    INSTALL,
    { relations: [db({ departedUnits: { 'mysql/0': {} } })] },
    'relation db:1: mysql/0 is a member and has departed: leave one of them out',
  ],
  [
    'peers are of the application',
    INSTALL,
    { relations: [{ id: 'cluster:1', remoteApp: 'web' }] },
    'relation cluster:1: peers belong to app, not to web: leave remote_app out',
  ],
  [
    'peers share the local application data',
    INSTALL,
    { relations: [{ id: 'cluster:1', remoteAppData: { a: '1' } }] },
    'relation cluster:1: peers have one application: give its data as local_app',
  ],
  [
    'one relation of a peer endpoint',
    INSTALL,
    { relations: [{ id: 'cluster:1' }, { id: 'cluster:2' }] },
    'relations: cluster is a peer endpoint and has two relations: leave one out',
  ],
  [
    'no more relations than the limit',
    INSTALL,
    { relations: [db(), db({ id: 'db:2' })] },
    'relations: db has 2 relations, and metadata.yaml a limit of 1: leave some out',
  ],
  [
    'no value is empty',
    INSTALL,
    { relations: [db({ remoteUnits: { 'mysql/0': { host: '' } } })] },
    'relation db:1: mysql/0 has an empty value: host: leave it out, as Juju does',
  ],
  [
    'remote models have a UUID',
    INSTALL,
    { relations: [db({ remoteModel: 'x' })] },
    'relation db:1: remote_model is not a UUID: x: correct it',
  ],
  [
    'a subordinate has one principal',
    INSTALL,
    { relations: [{ id: 'host:3', remoteUnits: { 'web/0': {}, 'web/1': {} } }] },
    'relation host:3: host has scope container, so it has one remote unit, not 2: leave some out',
  ],
  [
    'storage is declared',
    INSTALL,
    { storage: { 'disk/0': { kind: 'block', location: '/x' } } },
    'storage disk/0: metadata.yaml declares no storage disk: declare it, or check the name (it has data)',
  ],
  [
    'storage is of its kind',
    INSTALL,
    { storage: { 'data/0': { kind: 'block', location: '/x' } } },
    'storage data/0: metadata.yaml has the type filesystem, not block: correct the kind',
  ],
  [
    'storage has a location',
    INSTALL,
    { storage: { 'data/0': { kind: 'filesystem', location: 'x' } } },
    'storage data/0: its location is not an absolute path: "x": give one',
  ],
  [
    'no more storage than declared',
    INSTALL,
    {
      storage: {
        'data/0': { kind: 'filesystem', location: '/x' },
        'data/1': { kind: 'filesystem', location: '/y' },
      },
    },
    'storage: data has 2 instances, and metadata.yaml allows 1: leave some out, or declare multiple',
  ],
  [
    'storage of the hook is there',
    { name: 'data-storage-attached', storage: 'data/7' },
    {},
    'data-storage-attached: there is no storage data/7: add it to storage (there are: none)',
  ],
  [
    'storage of the hook has its name',
    { name: 'data-storage-attached', storage: 'disk/0' },
    {},
    'data-storage-attached: the hook is about data, not about disk/0: correct one of them',
  ],
  [
    'secrets need Juju 3.0',
    INSTALL,
    { jujuVersion: '2.9.9', secrets: [{ content }] },
    'secrets: Juju 2.9.9 has none: set juju_version to 3.0 or later, or leave them out',
  ],
  [
    'secret ids are legal',
    INSTALL,
    { secrets: [{ id: 'x', content }] },
    'secret x: the id is not twenty letters (a to v) and digits: leave it out',
  ],
  [
    'secret ids are unique',
    INSTALL,
    {
      secrets: [
        { id: ID, content },
        { id: ID, content },
      ],
    },
    `secrets: the id ${ID} is used twice: leave it out`,
  ],
  [
    'secret labels are unique',
    INSTALL,
    {
      secrets: [
        { label: 'a', content },
        { label: 'a', content },
      ],
    },
    'secrets: the label a is used twice: give each its own',
  ],
  [
    'secrets have a content',
    INSTALL,
    { secrets: [{ label: 'a' }] },
    'secret a: it has no content: give content, or revisions that have one',
  ],
  [
    'secret revisions are numbers',
    INSTALL,
    { secrets: [{ label: 'a', revisions: { one: content } }] },
    'secret a: a revision is a number from 1 on: one: correct it',
  ],
  [
    'secret keys are legal',
    INSTALL,
    { secrets: [{ label: 'a', content: { A: 'x' } }] },
    'secret a: Juju refuses the key A: use three or more lower case letters, digits and hyphens',
  ],
  [
    'tracked revisions are there',
    INSTALL,
    { secrets: [{ label: 'a', content, tracked: 3 }] },
    'secret a: the tracked revision does not exist: 3: add it to revisions',
  ],
  [
    'secrets rotate as Juju can',
    INSTALL,
    { secrets: [{ label: 'a', content, rotate: 'often' }] },
    'secret a: Juju has no rotation often: use one of never, hourly, daily, weekly, monthly, quarterly, yearly',
  ],
  [
    'grants are for own secrets',
    INSTALL,
    {
      relations: [db()],
      secrets: [{ label: 'a', content, owner: 'mysql', grants: [{ to: 'x', relation: 'db:1' }] }],
    },
    'secret a: it belongs to mysql, who grants it: leave grants out',
  ],
  [
    'grants live with a relation',
    INSTALL,
    { secrets: [{ label: 'a', content, grants: [{ to: 'mysql', relation: 'db:1' }] }] },
    'secret a: it is granted over a relation that does not exist: db:1: add it to relations',
  ],
  [
    'secret of the hook is there',
    { name: 'secret-rotate', secret: 'b' },
    {},
    'secret-rotate: there is no such secret: b: add it to secrets',
  ],
  [
    'secret of the hook is there',
    'secret-changed',
    { secrets: [{ content }] },
    'secret-changed: there is no such secret: one of another application: add it to secrets',
  ],
  [
    'secret-changed is for readers',
    { name: 'secret-changed', secret: 'a' },
    { secrets: [{ label: 'a', content }] },
    'secret-changed: the owner is not told about its own changes: a: name a secret of another application',
  ],
  [
    'other secret hooks are for the owner',
    { name: 'secret-remove', secret: 'a' },
    { secrets: [{ label: 'a', content, owner: 'mysql' }] },
    'secret-remove: only the owner is told: a belongs to mysql: name another secret',
  ],
  [
    'secrets of the application are for the leader',
    'secret-remove',
    { leader: false, secrets: [{ label: 'a', content }] },
    'secret-remove: a belongs to the application, so the leader is told: set leader to true',
  ],
  [
    'revision of the hook is there',
    { name: 'secret-remove', secretRevision: 9 },
    { secrets: [{ label: 'a', content }] },
    'secret-remove: a has no revision 9: add it to revisions',
  ],
  [
    'what rotates has a rotation',
    'secret-rotate',
    { secrets: [{ label: 'a', content }] },
    'secret-rotate: a does not rotate: give it a rotation',
  ],
  [
    'what expires has a time',
    'secret-expired',
    { secrets: [{ label: 'a', content }] },
    'secret-expired: a does not expire: give it a time in expire',
  ],
]

function find(event: string | SimulatedEvent, given: GivenState, files: CharmFiles = CHARM) {
  const charm = makeCharm(files)
  const what = typeof event === 'string' ? { name: event } : event
  return findInconsistencies(readCharm(charm), stateOfCharm(charm, given), what)
}

describe('the consistency checker', () => {
  it.each(CASES.map((one) => [one[0], one[3], one] as const))(
    '%s: %s',
    (rule, message, [, event, given, , files]) => {
      const found = find(event, given, { ...CHARM, ...files })
      expect(found).toContainEqual({ rule, message })
      expect(message).not.toContain('\n')
    },
  )

  it.each([
    ['db-relation-joind', 'Juju has no hook db-relation-joind: did you mean db-relation-joined?'],
    ['secret-change', 'Juju has no hook secret-change: did you mean secret-changed?'],
    ['backup', 'backup is an action of the charm, not a hook: write action:backup'],
    ['nonsense', 'Juju has no hook nonsense: check the name, or write action:NAME for an action'],
  ])('tells who writes %s what to write', (name, message) => {
    expect(find(name, {})).toEqual([{ rule: 'hook exists', message }])
  })

  it('speaks of the functions of the test kit where that asks', () => {
    const dir = makeCharm(CHARM)
    const told = (name: string, given: GivenState = {}) =>
      findInconsistencies(readCharm(dir), stateOfCharm(dir, given), { name }, KIT_FUNCTIONS).map(
        ({ message }) => message,
      )
    expect([
      ...told('backup'),
      ...told('db-relation-departed'),
      ...told('data-storage-attached'),
      ...told('leader-elected', { leader: false }),
      ...told('secret-rotate'),
      ...told('post-series-upgrade', { jujuVersion: '4.0.0' }),
    ]).toEqual([
      'backup is an action of the charm, not a hook: call run_action backup',
      'db-relation-departed: there is no relation: db: let it begin first, or call given_relation db (there are: none)',
      'data-storage-attached: there is no storage data: call given_storage data LOCATION (there are: none)',
      'leader-elected: the unit is not the leader: call given_leader true',
      'secret-rotate: there is no such secret: one that the unit owns: call given_secret',
      'post-series-upgrade: Juju 4.0.0 no longer has this hook: call given_juju_version with one before 4.0',
    ])
  })

  it('has a case for each of its rules, and at least forty rules', () => {
    const tried = new Set(CASES.map(([rule]) => rule))
    expect(Object.keys(RULES).filter((rule) => !tried.has(rule))).toEqual([])
    expect(Object.keys(RULES).length).toBeGreaterThanOrEqual(40)
  })

  it('finds nothing wrong with what Juju does', () => {
    const whole: GivenState = {
      config: { port: 8080, key: `secret:${ID}` },
      relations: [
        db({ remoteUnits: { 'mysql/0': { host: 'h' } } }),
        { id: 'website:2' },
        { id: 'juju-info:3' },
      ],
      peers: { cluster: { 'app/1': {} } },
      storage: { 'data/0': { kind: 'filesystem', location: '/srv' } },
      secrets: [
        {
          id: ID,
          label: 'own',
          content,
          rotate: 'daily',
          expire: '2030-01-01T00:00:00Z',
          grants: [{ to: 'mysql', relation: 'db:1' }],
        },
        { id: OTHER, owner: 'mysql', content },
      ],
      resources: { image: '/x' },
      network: { db: {}, admin: {}, 'juju-info': {} },
      ports: [parsePortRange('80'), parsePortRange('81', 'website')],
      actions: { backup: { target: '/x' } },
    }
    const events: (string | SimulatedEvent)[] = [
      'install',
      'leader-elected',
      'db-relation-created',
      { name: 'db-relation-joined', remoteUnit: 'mysql/7' },
      { name: 'db-relation-changed', remoteUnit: '' },
      { name: 'db-relation-departed', remoteUnit: 'mysql/0', departingUnit: 'app/0' },
      'db-relation-broken',
      'juju-info-relation-created',
      'cluster-relation-joined',
      'data-storage-attached',
      'secret-changed',
      'secret-rotate',
      'secret-expired',
      'web-pebble-ready',
      'collect-metrics',
      { name: 'backup', action: { name: 'backup' } },
      { name: INSTALL, failTools: [{ tool: 'config-get' }], killDuring: { tool: 'secret-get' } },
    ]
    for (const event of events) expect(find(event, whole)).toEqual([])
  })
})

describe('a simulated unit', () => {
  it('refuses an inconsistent event before it runs, in one line', async () => {
    const unit = await startUnit()
    const refused = runScript(unit, 'echo ran >ran', { name: 'website-relation-departed' })
    await expect(refused).rejects.toThrow(ConsistencyError)
    await expect(refused).rejects.toMatchObject({ exitStatus: 3, rule: 'relation is there' })
    expect(await runScript(unit, 'cat ran 2>/dev/null')).toMatchObject({ exitStatus: 1 })
  })

  it('lets a test have the impossible, for one event or for all', async () => {
    const unit = await startUnit(undefined, { state: { ...STATE, leader: false } })
    expect(await runScript(unit, ':', { name: 'leader-elected', check: false })).toMatchObject({
      exitStatus: 0,
    })
    await expect(runScript(unit, ':', { name: 'leader-elected' })).rejects.toThrow('leader-elected')
    unit.check = false
    expect(await runScript(unit, ':', { name: 'no-such-hook' })).toMatchObject({ exitStatus: 0 })
  })
})
