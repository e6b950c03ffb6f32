// The facts about Juju of the reference, one by one: what a hook gets, what each hook tool answers, what is
// held back until the hook succeeds, what restricted hooks may do. The tools are the real executables.

import { describe, expect, it } from 'vitest'
import { HOOK_TOOLS } from '../../src/simulator/hook-tools/table.ts'
import { type Effect, type Fact, type Scene, tryEffects, tryScene } from './juju-facts/fact.ts'
import { runScript, STATE, startUnit } from './test-charm.ts'

const INSTALL = { name: 'install' }
const CHANGED = { name: 'db-relation-changed', relation: 'db:1', remoteUnit: 'mysql/0' }
const OWNED = '0000000000000000000g'
const FOREIGN = '00000000000000000010'
const SECRETS = [
  {
    id: OWNED,
    label: 'own',
    owner: 'application',
    content: { token: 'old' },
    description: 'a token',
    rotate: 'daily',
  },
  {
    id: FOREIGN,
    owner: 'mysql',
    revisions: { 1: { password: 'first' }, 2: { password: 'second' } },
    tracked: 1,
  },
]
const usage = (message: string): Pick<Fact, 'status' | 'stderr'> => ({
  status: 2,
  stderr: `ERROR ${message}\n`,
})
const fails = (message: string): Pick<Fact, 'status' | 'stderr'> => ({
  status: 1,
  stderr: `ERROR ${message}\n`,
})

const COMMON: Fact[] = [...HOOK_TOOLS]
  .filter(([, { since = '0' }]) => since !== '3.6.2')
  .flatMap(([tool]) => [
    {
      claim: `${tool}: 0 is ok, also with --help`,
      run: `${tool} --help`,
      stdout: new RegExp(`^Usage: ${tool}`),
    },
    {
      claim: `${tool}: 2 is an unknown flag`,
      run: `${tool} --nonsense`,
      ...usage('flag provided but not defined: --nonsense'),
    },
    {
      claim: `${tool}: 1 without a context`,
      run: `env -u JUJU_CONTEXT_ID ${tool} x`,
      ...fails('JUJU_CONTEXT_ID not set'),
    },
    {
      claim: `${tool}: 1 without a socket`,
      run: `env -u JUJU_AGENT_SOCKET_ADDRESS ${tool} x`,
      ...fails('JUJU_AGENT_SOCKET_ADDRESS not set'),
    },
  ])

const FORMATS: Fact[] = [
  { claim: 'smart: a string is printed as it is', run: 'config-get title', stdout: 'a <b> & c\n' },
  { claim: 'smart: a list is printed one per line', run: 'relation-ids db', stdout: 'db:1\ndb:12\ndb:2\n' },
  { claim: 'smart: a boolean is True or False', run: 'config-get debug; is-leader', stdout: 'False\nTrue\n' },
  { claim: 'smart: a map is YAML', run: 'leader-get', stdout: 'secret: x\n' },
  {
    claim: 'smart: null and the empty string are no output at all',
    run: 'config-get unset; config-get empty',
  },
  { claim: 'json: null for what is missing', run: 'config-get unset --format=json', stdout: 'null\n' },
  { claim: 'json: "" for what is empty', run: 'config-get empty --format=json', stdout: '""\n' },
  { claim: 'flags may be mixed with arguments', run: 'config-get port --format json', stdout: '8080\n' },
  { claim: 'getters share -o', run: 'config-get -o out port; cat out', stdout: '8080\n' },
  { claim: 'getters share --output', run: 'is-leader --output=out --format=json; cat out', stdout: 'true\n' },
  {
    claim: 'an unknown format is wrong usage',
    run: 'config-get --format=xml',
    status: 2,
    stderr: /unknown format "xml"/,
  },
]

const CONFIG_GET: Fact[] = [
  { claim: 'an unknown key: exit 0, empty', run: 'config-get nonsense' },
  { claim: 'an unknown key: exit 0, null', run: 'config-get nonsense --format=json', stdout: 'null\n' },
  {
    claim: 'no key: only what is not null',
    run: 'config-get --format=json | grep -c unset',
    stdout: '0\n',
    status: 1,
  },
  { claim: '-a: also what is null', run: 'config-get -a --format=json | grep -c unset', stdout: '1\n' },
  { claim: '--all: also what is null', run: 'config-get --all --format=json | grep -c unset', stdout: '1\n' },
  {
    claim: '--all and a key: exit 2',
    run: 'config-get --all port',
    ...usage('cannot use argument --all together with key "port"'),
  },
]

const RELATIONS_OUTSIDE: Fact[] = [
  {
    claim: 'relation-ids needs a name outside of a relation hook',
    run: 'relation-ids',
    ...usage('no relation name specified'),
  },
  {
    claim: 'relation-list: no relation id specified',
    run: 'relation-list',
    ...usage('no relation id specified'),
  },
  {
    claim: 'relation-get: no relation id specified',
    run: 'relation-get',
    ...usage('no relation id specified'),
  },
  {
    claim: 'relation-set without -r outside of a relation hook: exit 2',
    run: 'relation-set a=1',
    ...usage('no relation id specified'),
  },
  {
    claim: 'relation-get -r alone: no unit or application specified',
    run: 'relation-get -r db:1',
    ...usage('no unit or application specified'),
  },
  {
    claim: 'relation-list takes --relation',
    run: 'relation-list --relation db:1',
    stdout: 'mysql/0\nmysql/10\nmysql/2\n',
  },
  { claim: 'relation-list --app is the application', run: 'relation-list -r db:1 --app', stdout: 'mysql\n' },
  {
    claim: 'an unknown relation: exit 1',
    run: 'relation-list -r db:99',
    status: 1,
    stderr: /relation not found/,
  },
  {
    claim: "departed units' data is readable for the relation's lifetime",
    run: 'relation-get -r db:1 host mysql/7',
    stdout: 'gone\n',
  },
  {
    claim: 'relation-set: the same key twice is exit 2',
    run: 'relation-set -r db:1 a=1 a=2',
    ...usage('key "a" specified more than once'),
  },
  { claim: 'relation-set: no arguments is exit 0', run: 'relation-set -r db:1' },
  {
    claim: 'relation-set --file is a YAML map, which arguments override; values are strings',
    run: `printf 'a: 0080\\nb: yes\\n' >set.yaml; relation-set -r db:2 --file set.yaml b=no; relation-get -r db:2 --format=json - app/0`,
    stdout: /"a":"0080","b":"no"/,
  },
  {
    claim: 'relation-set --file - reads stdin',
    run: `relation-set -r db:2 --file - <<<'c: d'; relation-get -r db:2 c app/0`,
    stdout: 'd\n',
  },
  {
    claim: 'relation-set: an empty value deletes the key',
    run: 'relation-set -r db:1 mine=; relation-get -r db:1 --format=json mine app/0',
    stdout: 'null\n',
  },
  {
    claim: 'relation-set --app of the leader',
    run: 'relation-set -r db:1 --app a=1; relation-get -r db:1 --app a app',
    stdout: '1\n',
  },
  { claim: 'relation-list never has the local unit', run: 'relation-list -r cluster:0', stdout: 'app/1\n' },
]

const IN_CHANGED: Fact[] = [
  {
    claim: 'relation-ids: the name defaults to the current relation',
    run: 'relation-ids',
    stdout: 'db:1\ndb:12\ndb:2\n',
  },
  {
    claim: 'relation-list 9: a positional id is an error',
    run: 'relation-list 9',
    ...usage('unrecognized args: ["9"]'),
  },
  {
    claim: 'relation-list: only units in scope',
    run: 'relation-list',
    stdout: 'mysql/0\nmysql/10\nmysql/2\n',
  },
  {
    claim: 'relation-get: the default unit is the remote unit',
    run: 'relation-get host',
    stdout: '10.0.0.1\n',
  },
  { claim: 'relation-get -: everything', run: 'relation-get -', stdout: 'host: 10.0.0.1\nnumber: "12345"\n' },
  { claim: 'relation-get: another unit', run: 'relation-get host mysql/2', stdout: 'h2\n' },
  { claim: 'relation-get: an application', run: 'relation-get schema mysql', stdout: '5\n' },
  { claim: 'relation-get --app: the remote application', run: 'relation-get --app', stdout: 'schema: "5"\n' },
  { claim: 'relation-get: a missing key is exit 0, empty', run: 'relation-get nonsense' },
  {
    claim: 'relation-get: a missing key is exit 0, null',
    run: 'relation-get nonsense --format=json',
    stdout: 'null\n',
  },
  {
    claim: 'relation-get - "$JUJU_UNIT_NAME" includes pending sets',
    run: 'relation-set mine=new; relation-get mine "$JUJU_UNIT_NAME"',
    stdout: 'new\n',
  },
  {
    claim: 'own application data is served to the leader',
    run: 'relation-get --app owner app',
    stdout: 'app\n',
  },
]

const AS_FOLLOWER: Fact[] = [
  { claim: 'is-leader exits 0 in both cases', run: 'is-leader', stdout: 'False\n' },
  {
    claim: '`if is-leader` is always true',
    run: 'if is-leader >/dev/null; then echo yes; fi',
    stdout: 'yes\n',
  },
  {
    claim: 'leader-set: leader only',
    run: 'leader-set a=1',
    ...fails('cannot write leadership settings: cannot write settings: not the leader'),
  },
  { claim: 'leader-get: everybody', run: 'leader-get secret', stdout: 'x\n' },
  {
    claim: 'status-set --application: leader only',
    run: 'status-set --application active',
    ...fails('this unit is not the leader'),
  },
  {
    claim: 'status-get --application: leader only',
    run: 'status-get --application',
    ...fails('finding application status: this unit is not the leader'),
  },
  {
    claim: 'relation-set --app on a non-leader: exit 1',
    run: 'relation-set -r db:1 --app a=1',
    ...fails('cannot write relation settings'),
  },
  {
    claim: "a non-leader's read of own application data goes to the controller, which refuses it",
    run: 'relation-get -r db:1 --app owner app',
    ...fails('permission denied'),
  },
  {
    claim: "peers read the application's data",
    run: 'relation-get -r cluster:0 --app shared app',
    stdout: 'yes\n',
  },
  {
    claim: "a secret of the application is the leader's",
    run: 'secret-add key=value',
    ...fails('this unit is not the leader'),
  },
  {
    claim: 'a secret of the unit is its own',
    run: 'secret-add --owner unit key=value',
    stdout: /^secret:[0-9a-v]{20}\n$/,
  },
  {
    claim: 'secret-set: leader only',
    run: `secret-set ${OWNED} token=x`,
    ...fails('this unit is not the leader'),
  },
]

const UNIT: Fact[] = [
  { claim: 'is-leader prints True', run: 'is-leader', stdout: 'True\n' },
  { claim: 'is-leader has formats', run: 'is-leader --format=json', stdout: 'true\n' },
  { claim: 'leader-get KEY', run: 'leader-get secret', stdout: 'x\n' },
  { claim: 'leader-get -', run: 'leader-get -', stdout: 'secret: x\n' },
  ...['maintenance', 'blocked', 'waiting', 'active'].map((status) => ({
    claim: `status-set knows ${status}`,
    run: `status-set ${status} why; status-get`,
    stdout: `${status}\n`,
  })),
  {
    claim: 'status-set knows no others',
    run: 'status-set error',
    ...usage('invalid status "error", expected one of [maintenance blocked waiting active]'),
  },
  {
    claim: 'status-get --include-data',
    run: 'status-set active yes; status-get --include-data --format=json',
    stdout: '{"message":"yes","status":"active","status-data":{}}\n',
  },
  {
    claim: 'status-get --application',
    run: 'status-set --application active; status-get --application',
    stdout: 'active\n',
  },
  { claim: 'state-get KEY', run: 'state-get key', stdout: 'value\n' },
  { claim: 'state-get -', run: 'state-get - | grep key', stdout: 'key: value\n' },
  { claim: 'state-get: a missing key is exit 0', run: 'state-get nonsense' },
  {
    claim: 'state-get: unless --strict',
    run: 'state-get --strict nonsense',
    ...fails('"nonsense" not found'),
  },
  {
    claim: 'state-set: a key has at most 256 bytes',
    run: `state-set "$(printf 'k%.0s' {1..257})=v"`,
    status: 1,
    stderr: /256/,
  },
  {
    claim: 'state-set: a value has at most 64 KiB',
    run: `printf 'k: %065537d' 0 | state-set --file -`,
    status: 1,
    stderr: /65536/,
  },
  { claim: 'state-set --file F', run: `echo 'x: y' >s; state-set --file s; state-get x`, stdout: 'y\n' },
  { claim: 'state-set --file -', run: `state-set --file - <<<'z: y'; state-get z`, stdout: 'y\n' },
  {
    claim: 'state-delete KEY',
    run: 'state-set gone=1; state-delete gone; state-get gone --format=json',
    stdout: '""\n',
  },
  { claim: 'unit-get public-address', run: 'unit-get public-address', stdout: '203.0.113.10\n' },
  { claim: 'unit-get private-address', run: 'unit-get private-address', stdout: '10.0.0.10\n' },
  {
    claim: 'network-get: one flag is the value',
    run: 'network-get db --bind-address',
    stdout: '10.0.0.10\n',
  },
  { claim: 'network-get --ingress-address', run: 'network-get db --ingress-address', stdout: '192.0.2.7\n' },
  { claim: 'network-get --egress-subnets', run: 'network-get db --egress-subnets', stdout: '192.0.2.0/24\n' },
  {
    claim: 'network-get --primary-address (deprecated)',
    run: 'network-get db --primary-address',
    stdout: '10.0.0.10\n',
  },
  {
    claim: 'network-get: several flags are a map',
    run: 'network-get db --bind-address --ingress-address --format=json',
    stdout: '{"bind-address":"10.0.0.10","ingress-address":"192.0.2.7"}\n',
  },
  { claim: 'network-get -r', run: 'network-get db -r db:1 --bind-address', stdout: '10.0.0.10\n' },
  { claim: 'network-get: an extra binding', run: 'network-get admin --bind-address', stdout: '10.9.9.9\n' },
  { claim: 'open-port P', run: 'open-port 80' },
  { claim: 'open-port P/proto', run: 'open-port 53/udp' },
  { claim: 'open-port A-B', run: 'open-port 8000-8080' },
  { claim: 'open-port A-B/proto', run: 'open-port 8000-8080/udp' },
  { claim: 'open-port icmp', run: 'open-port icmp' },
  { claim: 'open-port --endpoints a,b', run: 'open-port 443 --endpoints db,website' },
  { claim: 'close-port', run: 'close-port 22' },
  {
    claim: "opened-ports does not show this hook's pending changes",
    run: 'opened-ports',
    stdout: '22/tcp\n',
  },
  { claim: 'opened-ports --endpoints', run: 'opened-ports --endpoints', stdout: '22/tcp (*)\n' },
  { claim: 'resource-get NAME: its path', run: 'resource-get software', stdout: '/resources/software.zip' },
  {
    claim: 'resource-get: an unknown resource is exit 1',
    run: 'resource-get nonsense',
    status: 1,
    stderr: /not found/,
  },
  {
    claim: 'goal-state --format yaml: units and relations with status',
    run: 'goal-state --format yaml',
    stdout: /^relations:\n[\s\S]*units:\n[\s\S]*status: /,
  },
  {
    claim: 'goal-state --format json',
    run: 'goal-state --format json',
    stdout: /^\{"relations":\{.*"status":"joining".*\}\n$/,
  },
  {
    claim: 'goal-state has no other format',
    run: 'goal-state --format smart',
    status: 2,
    stderr: /unknown format/,
  },
  { claim: 'juju-log MSG', run: 'juju-log hello' },
  { claim: 'juju-log -l LEVEL', run: 'juju-log -l WARNING hello' },
  { claim: 'juju-log --log-level LEVEL', run: 'juju-log --log-level ERROR hello' },
  { claim: 'juju-log --debug', run: 'juju-log --debug hello' },
  { claim: 'juju-log --: text that starts with -', run: 'juju-log -- --nonsense' },
  {
    claim: 'juju-log: without -- that is a flag',
    run: 'juju-log --nonsense',
    ...usage('flag provided but not defined: --nonsense'),
  },
  { claim: 'application-version-set V', run: 'application-version-set 1.2' },
  {
    claim: 'add-metric: only in collect-metrics',
    run: 'add-metric users=1',
    ...fails('cannot record metric: metrics not allowed in this context'),
  },
  {
    claim: 'credential-get needs juju trust',
    run: 'credential-get',
    ...fails('cannot access cloud credentials: permission denied'),
  },
  {
    claim: 'payload-*, k8s-*, pod-spec-*: not on a machine of today',
    run: 'type -P payload-register k8s-raw-get pod-spec-set',
    status: 1,
  },
  { claim: 'action-get: actions only', run: 'action-get', ...fails('not running an action') },
  { claim: 'action-set: actions only', run: 'action-set a=1', ...fails('not running an action') },
  { claim: 'action-log: actions only', run: 'action-log x', ...fails('not running an action') },
  { claim: 'action-fail: actions only', run: 'action-fail x', ...fails('not running an action') },
  { claim: 'juju-reboot takes no words', run: 'juju-reboot now', ...usage('unrecognized args: ["now"]') },
]

const STORAGE: Fact[] = [
  { claim: 'storage-list: all', run: 'storage-list', stdout: 'data/0\ndata/1\ndisk/2\n' },
  { claim: 'storage-list NAME', run: 'storage-list data', stdout: 'data/0\ndata/1\n' },
  { claim: 'storage-list has formats', run: 'storage-list nonsense --format=json', stdout: '[]\n' },
  {
    claim: 'storage-get: in a storage hook that of the hook',
    run: 'storage-get',
    stdout: 'kind: filesystem\nlocation: /srv/1\n',
  },
  { claim: 'storage-get KEY', run: 'storage-get location', stdout: '/srv/1\n' },
  { claim: 'storage-get -s ID KEY', run: 'storage-get -s disk/2 kind', stdout: 'block\n' },
  {
    claim: 'storage-get: an unknown attribute is exit 1',
    run: 'storage-get size',
    ...fails('invalid storage attribute "size"'),
  },
  {
    claim: 'storage-get: what is no id is exit 2',
    run: 'storage-get -s data',
    status: 2,
    stderr: /invalid storage ID "data"/,
  },
  {
    claim: 'storage-get: an unknown storage is exit 1',
    run: 'storage-get -s data/9',
    status: 1,
    stderr: /storage "data\/9" not found/,
  },
  { claim: 'storage-add NAME', run: 'storage-add data' },
  { claim: 'storage-add NAME=N...', run: 'storage-add data=2 disk=1' },
  {
    claim: 'storage-add without a name is exit 2',
    run: 'storage-add',
    ...usage('storage add requires a storage directive'),
  },
  {
    claim: 'storage-add: only a count',
    run: 'storage-add data=10G',
    ...usage('only count can be specified for "data"'),
  },
  {
    claim: 'storage-add: at least one',
    run: 'storage-add data=0',
    status: 2,
    stderr: /count must be greater than zero, got "0"/,
  },
  {
    claim: 'JUJU_STORAGE_ID, _LOCATION, _KIND',
    run: 'echo "$JUJU_STORAGE_ID $JUJU_STORAGE_LOCATION $JUJU_STORAGE_KIND"',
    stdout: 'data/1 /srv/1 filesystem\n',
  },
]

const OF_SECRETS: Fact[] = [
  {
    claim: 'secret-add prints the id; the hook that makes a secret reads it',
    run: 'id=$(secret-add token=abc other=x); secret-get "$id" token; secret-get "$id" --format=json',
    stdout: 'abc\n{"other":"x","token":"abc"}\n',
  },
  {
    claim: 'secret-add key#base64=v',
    run: 'secret-get "$(secret-add key#base64=YWJj)" key',
    stdout: 'abc\n',
  },
  { claim: 'secret-get KEY#base64', run: 'secret-get "$(secret-add key=abc)" key#base64', stdout: 'YWJj\n' },
  {
    claim: 'secret-add key#file=v',
    run: 'printf abc >f; secret-get "$(secret-add key#file=f)" key',
    stdout: 'abc\n',
  },
  {
    claim: 'secret-add --file',
    run: `echo 'key: abc' >f; secret-get "$(secret-add --file f)" key`,
    stdout: 'abc\n',
  },
  { claim: 'secret-add needs a value', run: 'secret-add', ...usage('missing secret value or filename') },
  { claim: 'secret-add refuses short keys', run: 'secret-add ab=c', ...usage('key "ab" not valid') },
  {
    claim: 'secret-add --rotate',
    run: 'secret-add --rotate sometimes key=v',
    ...usage('rotate policy "sometimes" not valid'),
  },
  {
    claim: 'secret-add --expire',
    run: 'secret-add --expire soon key=v',
    ...usage('expire time or duration "soon" not valid'),
  },
  {
    claim: 'secret-add --owner',
    run: 'secret-add --owner me key=v',
    ...usage('secret owner "me" not valid'),
  },
  {
    claim: 'secret-add --label --description --expire --rotate, secret-info-get --label',
    run: `secret-add --label new --description d --expire 2030-01-02T03:04:05 --rotate monthly key=v >/dev/null
      secret-info-get --label new | tail -n +2`,
    stdout:
      '  description: d\n  expiry: "2030-01-02T03:04:05Z"\n  label: new\n  owner: application\n  revision: 1\n  rotation: monthly\n',
  },
  {
    claim: 'secret-info-get ID',
    run: `secret-info-get ${OWNED} --format=json`,
    stdout:
      /^\{"0{19}g":\{"description":"a token","label":"own","owner":"application","revision":\d,"rotation":"daily"\}\}\n$/,
  },
  {
    claim: 'secret-info-get: both is exit 2',
    run: `secret-info-get ${OWNED} --label own`,
    ...usage('specify either a secret URI or label but not both'),
  },
  {
    claim: 'secret-ids: those of the application',
    run: `secret-ids | grep -x -e ${OWNED} -e ${FOREIGN}`,
    stdout: `${OWNED}\n`,
  },
  { claim: 'secret-get: YAML is the default', run: `secret-get ${FOREIGN}`, stdout: 'password: first\n' },
  {
    claim: 'secret-get: the revision that it has read before',
    run: `secret-get secret:${FOREIGN} password`,
    stdout: 'first\n',
  },
  {
    claim: 'secret-get --peek: the latest one, just this time',
    run: `secret-get ${FOREIGN} password --peek; secret-get ${FOREIGN} password`,
    stdout: 'second\nfirst\n',
  },
  {
    claim: 'secret-get --peek --refresh is exit 2',
    run: `secret-get ${FOREIGN} --peek --refresh`,
    ...usage('specify one of --peek or --refresh but not both'),
  },
  {
    claim: 'secret-get --refresh: the latest one, from now on',
    run: `secret-get ${FOREIGN} password --refresh; secret-get ${FOREIGN} password`,
    stdout: 'second\nsecond\n',
  },
  {
    claim: 'secret-get ID --label names it',
    run: `secret-get ${FOREIGN} --label db >/dev/null; secret-get --label db`,
    stdout: 'password: second\n',
  },
  {
    claim: 'secret-get --label: a word is still an id',
    run: 'secret-get --label db password',
    ...usage('secret URI "password" not valid'),
  },
  {
    claim: 'secret-get: an unknown key',
    run: `secret-get ${FOREIGN} user`,
    ...fails('secret key value "user" not found'),
  },
  {
    claim: 'secret-get: an unknown secret',
    run: 'secret-get 0000000000000000zzz0',
    status: 2,
    stderr: /secret URI "0000000000000000zzz0" not valid/,
  },
  {
    claim: 'secret-get: a secret that is not there',
    run: 'secret-get 00000000000000000vv0',
    ...fails('secret "00000000000000000vv0" not found'),
  },
  {
    claim: 'secret-get without id and label',
    run: 'secret-get',
    ...usage('require either a secret URI or label'),
  },
  { claim: 'secret-set needs an id', run: 'secret-set', ...usage('missing secret URI') },
  {
    claim: 'secret-set: what the hook has changed is read with --peek',
    run: `secret-set ${OWNED} token=new; secret-get ${OWNED} token; secret-get ${OWNED} token --peek`,
    stdout: 'old\nnew\n',
  },
  {
    claim: 'secret-grant needs a relation outside of a relation hook',
    run: `secret-grant ${OWNED}`,
    ...usage('no relation id specified'),
  },
  { claim: 'secret-grant -r', run: `secret-grant ${OWNED} -r db:1` },
  {
    claim: 'secret-grant --unit: of the related application',
    run: `secret-grant ${OWNED} -r db:1 --unit other/0`,
    ...usage('cannot specify unit "other/0" in relation to application "mysql"'),
  },
  {
    claim: 'secret-grant: an unknown secret',
    run: 'secret-grant 00000000000000000vv0 -r db:1',
    ...fails('secret "00000000000000000vv0" not found'),
  },
  { claim: 'secret-revoke -r', run: `secret-revoke ${OWNED} -r db:1` },
  { claim: 'secret-revoke --app', run: `secret-revoke ${OWNED} --app mysql` },
  { claim: 'secret-revoke --unit', run: `secret-revoke ${OWNED} --unit mysql/0` },
  {
    claim: 'secret-revoke needs one of them',
    run: `secret-revoke ${OWNED}`,
    ...usage('missing relation or application or unit'),
  },
  {
    claim: 'secret-remove --revision',
    run: `secret-set ${OWNED} token=third; secret-remove ${OWNED} --revision 1`,
  },
  {
    claim: 'secret-remove: then it is no longer listed',
    run: `id=$(secret-add key=v); secret-remove "$id"; secret-ids | grep -c "\${id#secret:}"`,
    stdout: '0\n',
    status: 1,
  },
]

const ACTION: Fact[] = [
  {
    claim: 'action-get: everything',
    run: 'action-get --format=json',
    stdout: '{"depth":{"a":{"b":"deep"}},"target":"/backup"}\n',
  },
  { claim: 'action-get K', run: 'action-get target', stdout: '/backup\n' },
  { claim: 'action-get K.K...', run: 'action-get depth.a.b', stdout: 'deep\n' },
  { claim: 'action-set k=v', run: 'action-set a=1' },
  { claim: 'action-set: nested by dots', run: 'action-set outer.inner=1' },
  ...['A', 'a_b', '-a', 'a-', '.a'].map((key) => ({
    claim: `action-set: keys are [a-z0-9][a-z0-9.-]*[a-z0-9], not ${key}`,
    run: `action-set -- ${key}=x`,
    status: 2,
    stderr: /^ERROR key /,
  })),
  ...['stdout', 'stderr', 'stdout-encoding', 'stderr-encoding'].map((key) => ({
    claim: `action-set: ${key} is reserved`,
    run: `action-set ${key}=x`,
    ...usage(`cannot set reserved action key "${key}"`),
  })),
  { claim: 'action-log MSG', run: 'action-log half' },
  {
    claim: 'juju-reboot: not in actions',
    run: 'juju-reboot',
    ...fails('juju-reboot is not supported when running an action.'),
  },
  {
    claim: 'JUJU_HOOK_NAME is set but empty in actions',
    run: 'echo "[${JUJU_HOOK_NAME-unset}]"',
    stdout: '[]\n',
  },
  {
    claim: 'JUJU_DISPATCH_PATH is actions/NAME',
    run: 'echo "$JUJU_DISPATCH_PATH"',
    stdout: 'actions/backup\n',
  },
  {
    claim: 'JUJU_ACTION_NAME, _UUID, _TAG',
    run: 'echo "$JUJU_ACTION_NAME $JUJU_ACTION_UUID $JUJU_ACTION_TAG"',
    stdout: 'backup 1 action-1\n',
  },
]

const NO_RESTRICTED = 'not implemented for restricted context'
const RESTRICTED: Fact[] = [...HOOK_TOOLS.keys()]
  .filter((tool) => !['juju-log', 'add-metric', 'relation-model-get'].includes(tool))
  .map((tool) => ({
    claim: `${tool} is not implemented for restricted contexts`,
    run: `${tool} x`,
    ...fails(NO_RESTRICTED),
  }))
const absent = (names: string[]): Fact[] =>
  names.map((name) => ({ claim: `no ${name}`, run: `printenv ${name}`, status: 1 }))
const present = (values: Record<string, string | RegExp>): Fact[] =>
  Object.entries(values).map(([name, stdout]) => ({
    claim: `${name} is there`,
    run: `printenv ${name}`,
    stdout: typeof stdout === 'string' ? `${stdout}\n` : stdout,
  }))

const ALWAYS = present({
  CHARM_DIR: /unit-app-0\/charm\n$/,
  JUJU_CHARM_DIR: /unit-app-0\/charm\n$/,
  JUJU_CONTEXT_ID: /^app\/0-install-[0-9a-f]+\n$/,
  JUJU_AGENT_SOCKET_ADDRESS: /^\/proc\//,
  JUJU_AGENT_SOCKET_NETWORK: 'unix',
  JUJU_HOOK_NAME: 'install',
  JUJU_DISPATCH_PATH: 'hooks/install',
  JUJU_UNIT_NAME: 'app/0',
  JUJU_MODEL_NAME: 'simulated',
  JUJU_MODEL_UUID: /^[0-9a-f-]{36}\n$/,
  JUJU_API_ADDRESSES: /:17070\n$/,
  JUJU_VERSION: '3.6.0',
  JUJU_MACHINE_ID: '0',
  JUJU_PRINCIPAL_UNIT: '',
  JUJU_AVAILABILITY_ZONE: 'zone-1',
  CLOUD_API_VERSION: '',
  JUJU_CHARM_HTTP_PROXY: 'http://proxy',
  JUJU_CHARM_HTTPS_PROXY: '',
  JUJU_CHARM_FTP_PROXY: '',
  JUJU_CHARM_NO_PROXY: '',
  JUJU_METER_STATUS: /./,
  JUJU_METER_INFO: /./,
  JUJU_SLA: /./,
  PATH: /^[^:]*\/tools:/,
  LANG: 'C.UTF-8',
  DEBIAN_FRONTEND: 'noninteractive',
  APT_LISTCHANGES_FRONTEND: 'none',
  TERM: 'tmux-256color',
})
const NEVER = absent([
  'HOME',
  'USER',
  'SHELL',
  'http_proxy',
  'JUJU_RELATION',
  'JUJU_RELATION_ID',
  'JUJU_REMOTE_UNIT',
  'JUJU_REMOTE_APP',
  'JUJU_DEPARTING_UNIT',
  'JUJU_ACTION_NAME',
  'JUJU_STORAGE_ID',
  'JUJU_SECRET_ID',
  'JUJU_WORKLOAD_NAME',
  'JUJU_TARGET_BASE',
  'JUJU_TARGET_SERIES',
  'JUJU_TRACE_ID',
  'JUJU_AGENT_CA_CERT',
  'JUJU_AGENT_TOKEN',
  'JUJU_DEBUG_AT',
  'KUBERNETES_SERVICE_HOST',
])

const network = { db: { ingress: ['192.0.2.7'], egress: ['192.0.2.0/24'] }, admin: { address: '10.9.9.9' } }
const ports = [{ from: 22, to: 22, protocol: 'tcp', endpoint: '' }]
const goalState = { relations: { website: { haproxy: { status: 'joining', since: '' } } } }
const storage = {
  'data/0': { kind: 'filesystem' as const, location: '/srv/0' },
  'data/1': { kind: 'filesystem' as const, location: '/srv/1' },
  'disk/2': { kind: 'block' as const, location: '/dev/sdb' },
}
const proxies = { http: 'http://proxy' }
const old = { charmState: {}, leaderSettings: {} }
const relation = (name: string, more = {}) => ({ name: `db-relation-${name}`, relation: 'db:1', ...more })

/** What Juju itself puts into the data of a unit. */
const ADDRESSES = (keys: string[]): Fact[] => [
  {
    claim: 'a unit has addresses in its data',
    run: 'relation-get -r db:12 - app/0 | cut -d: -f1',
    stdout: `${keys.join('\n')}\n`,
  },
  { claim: 'unit-get private-address works', run: 'unit-get private-address', stdout: '10.0.0.10\n' },
]

const SCENES: Record<string, Scene> = {
  '3: exit codes': { event: INSTALL, facts: COMMON },
  '3: formats': { event: INSTALL, facts: FORMATS },
  '3: config-get': { event: INSTALL, facts: CONFIG_GET },
  '3: relations outside of their hooks': { event: INSTALL, facts: RELATIONS_OUTSIDE },
  '3: relations in -changed': { event: CHANGED, facts: IN_CHANGED },
  '3: a unit that is not the leader': {
    event: INSTALL,
    state: { leader: false, secrets: SECRETS },
    facts: AS_FOLLOWER,
  },
  '3: the unit': { event: INSTALL, state: { network, ports, goalState }, facts: UNIT },
  '3: storage': {
    event: { name: 'data-storage-attached', storage: 'data/1' },
    state: { storage },
    facts: STORAGE,
  },
  '3: storage outside of its hooks': {
    event: INSTALL,
    state: { storage },
    facts: [{ claim: 'storage-get needs -s', run: 'storage-get', ...usage('no storage instance specified') }],
  },
  '3: secrets': { event: INSTALL, state: { secrets: SECRETS }, facts: OF_SECRETS },
  '3: actions': {
    event: { name: 'backup', action: { name: 'backup', params: { depth: { a: { b: 'deep' } } } } },
    facts: ACTION,
  },
  '3: credentials': {
    event: INSTALL,
    state: { credentials: { type: 'lxd', name: 'localhost' } },
    facts: [
      {
        claim: 'credential-get after juju trust',
        run: 'credential-get',
        stdout: 'name: localhost\ntype: lxd\n',
      },
    ],
  },
  '3: relation-model-get, which is newer': {
    event: CHANGED,
    state: { jujuVersion: '3.6.2' },
    facts: [
      { claim: 'relation-model-get', run: 'relation-model-get', stdout: /^uuid: [0-9a-f-]{36}\n$/ },
      {
        claim: 'relation-model-get -r',
        run: 'relation-model-get -r db:2 --format=json',
        stdout: /^\{"uuid":"/,
      },
    ],
  },
  '3: tools of Juju 2.7': {
    event: INSTALL,
    state: { ...old, jujuVersion: '2.7.0' },
    facts: ['state-get', 'state-set', 'state-delete', 'secret-get', 'relation-model-get'].map((tool) => ({
      claim: `${tool} is newer`,
      run: `type -P ${tool}`,
      status: 1,
    })),
  },
  '3: tools of Juju 4.0': {
    event: INSTALL,
    state: { ...old, jujuVersion: '4.0.0' },
    facts: ['add-metric', 'leader-get', 'leader-set'].map((tool) => ({
      claim: `${tool} is gone`,
      run: `type -P ${tool}`,
      status: 1,
    })),
  },
  '1: the environment': {
    event: INSTALL,
    state: { proxies },
    facts: [
      ...ALWAYS,
      ...NEVER,
      { claim: 'the working directory is the charm dir', run: '[ "$PWD" = "$CHARM_DIR" ]' },
    ],
  },
  '1: legacy proxies': {
    event: INSTALL,
    state: { legacyProxies: { http: 'http://old' } },
    facts: [
      ...present({ http_proxy: 'http://old', HTTP_PROXY: 'http://old' }),
      ...absent(['https_proxy', 'no_proxy']),
    ],
  },
  '1: -created': {
    event: relation('created'),
    facts: [
      ...present({
        JUJU_RELATION: 'db',
        JUJU_RELATION_ID: 'db:1',
        JUJU_REMOTE_UNIT: '',
        JUJU_REMOTE_APP: 'mysql',
      }),
      ...absent(['JUJU_DEPARTING_UNIT']),
      { claim: 'relation-get falls back to the application', run: 'relation-get', stdout: 'schema: "5"\n' },
    ],
  },
  '1 and 6: -joined': {
    event: relation('joined', { remoteUnit: 'mysql/11' }),
    facts: [
      ...present({ JUJU_REMOTE_UNIT: 'mysql/11' }),
      { claim: 'who joins is in scope', run: 'relation-list | grep mysql/11', stdout: 'mysql/11\n' },
    ],
  },
  '1 and 6: -departed': {
    event: relation('departed', { remoteUnit: 'mysql/0' }),
    facts: [
      ...present({ JUJU_REMOTE_UNIT: 'mysql/0', JUJU_DEPARTING_UNIT: 'mysql/0' }),
      {
        claim: 'the departing unit is already removed in its own -departed hook',
        run: 'relation-list',
        stdout: 'mysql/10\nmysql/2\n',
      },
      { claim: 'its data is still readable', run: 'relation-get host', stdout: '10.0.0.1\n' },
      { claim: 'data is still settable', run: 'relation-set bye=1' },
    ],
  },
  '1 and 6: -broken': {
    event: relation('broken'),
    facts: [
      ...present({ JUJU_REMOTE_UNIT: '', JUJU_REMOTE_APP: 'mysql' }),
      { claim: 'no members', run: 'relation-list' },
      { claim: 'relation-get falls back to the application', run: 'relation-get', stdout: 'schema: "5"\n' },
    ],
  },
  '1: secret-changed': {
    event: { name: 'secret-changed', secret: FOREIGN },
    state: { secrets: SECRETS },
    facts: [
      ...present({ JUJU_SECRET_ID: `secret:${FOREIGN}`, JUJU_SECRET_LABEL: '' }),
      ...absent(['JUJU_SECRET_REVISION']),
    ],
  },
  '1: secret-rotate': {
    event: { name: 'secret-rotate', secret: 'own' },
    state: { secrets: SECRETS },
    facts: present({
      JUJU_SECRET_ID: `secret:${OWNED}`,
      JUJU_SECRET_LABEL: 'own',
      JUJU_SECRET_REVISION: '1',
    }),
  },
  '1: a workload hook': {
    event: { name: 'web-pebble-custom-notice', notice: { id: '7', type: 'custom', key: 'a.com/b' } },
    facts: [
      ...present({
        JUJU_WORKLOAD_NAME: 'web',
        JUJU_NOTICE_ID: '7',
        JUJU_NOTICE_TYPE: 'custom',
        JUJU_NOTICE_KEY: 'a.com/b',
      }),
      ...absent(['JUJU_PEBBLE_CHECK_NAME']),
    ],
  },
  '1: a check of a workload': {
    event: { name: 'web-pebble-check-failed', pebbleCheck: 'up' },
    facts: present({ JUJU_WORKLOAD_NAME: 'web', JUJU_PEBBLE_CHECK_NAME: 'up' }),
  },
  '1: pre-series-upgrade': {
    event: { name: 'pre-series-upgrade', target: 'ubuntu@24.04' },
    facts: present({ JUJU_TARGET_BASE: 'ubuntu@24.04', JUJU_TARGET_SERIES: 'noble' }),
  },
  '1: pre-series-upgrade of Juju 2': {
    event: { name: 'pre-series-upgrade' },
    state: { jujuVersion: '2.9.0' },
    facts: [...present({ JUJU_TARGET_SERIES: 'jammy' }), ...absent(['JUJU_TARGET_BASE'])],
  },
  '1: Juju 4.0': {
    event: INSTALL,
    state: { ...old, jujuVersion: '4.0.0' },
    facts: [
      ...absent(['JUJU_METER_STATUS', 'JUJU_METER_INFO', 'JUJU_SLA']),
      ...present({ JUJU_TRACE_ID: '', JUJU_SPAN_ID: '', JUJU_TRACE_FLAGS: '' }),
    ],
  },
  '1: a traced hook of Juju 4.0': {
    event: INSTALL,
    state: { ...old, jujuVersion: '4.0.0', traceId: 'c0ffee' },
    facts: present({ JUJU_TRACE_ID: 'c0ffee', JUJU_SPAN_ID: /./, JUJU_TRACE_FLAGS: '1' }),
  },
  '1: Juju 3.6 without a trace': {
    event: INSTALL,
    facts: absent(['JUJU_TRACE_ID', 'JUJU_SPAN_ID', 'JUJU_TRACE_FLAGS']),
  },
  '7: addresses of Juju 3.6': {
    event: CHANGED,
    facts: ADDRESSES(['egress-subnets', 'ingress-address', 'private-address']),
  },
  '7: addresses of Juju 4.0': {
    event: CHANGED,
    state: { ...old, jujuVersion: '4.0.0' },
    facts: ADDRESSES(['egress-subnets', 'ingress-address']),
  },
  '7: stored state of Juju 4.0': {
    event: INSTALL,
    state: { ...old, jujuVersion: '4.0.0' },
    facts: [
      { claim: 'state-get of nothing is null', run: 'state-get --format=json', stdout: 'null\n' },
      {
        claim: 'and a map with something',
        run: 'state-set a=b; state-get --format=json',
        stdout: '{"a":"b"}\n',
      },
    ],
  },
  '7: metrics of Juju 3.6.10': {
    event: INSTALL,
    state: { jujuVersion: '3.6.10' },
    facts: [
      {
        claim: 'add-metric works in collect-metrics',
        run: 'add-metric users=1',
        ...fails('cannot record metric: metrics not allowed in this context'),
      },
    ],
  },
  '7: metrics since Juju 3.6.11': {
    event: INSTALL,
    state: { jujuVersion: '3.6.11' },
    facts: [{ claim: 'add-metric does nothing', run: 'add-metric users=1' }],
  },
  '1: Juju 2.7': {
    event: INSTALL,
    state: { ...old, jujuVersion: '2.7.0' },
    facts: absent(['JUJU_HOOK_NAME', 'JUJU_DISPATCH_PATH']),
  },
  '5: collect-metrics': {
    event: { name: 'collect-metrics' },
    facts: [
      ...RESTRICTED,
      { claim: 'juju-log works', run: 'juju-log x' },
      { claim: 'add-metric works', run: 'add-metric -l zone=a users=1' },
      ...present({
        CHARM_DIR: /charm/,
        JUJU_CHARM_DIR: /charm/,
        JUJU_CONTEXT_ID: /./,
        JUJU_UNIT_NAME: 'app/0',
        JUJU_DISPATCH_PATH: 'hooks/collect-metrics',
      }),
      ...absent(['JUJU_HOOK_NAME', 'JUJU_VERSION', 'JUJU_MODEL_NAME', 'JUJU_MODEL_UUID']),
    ],
  },
  '5: collect-metrics of Juju 2': {
    event: { name: 'collect-metrics' },
    state: { jujuVersion: '2.9.0' },
    facts: [...absent(['CHARM_DIR']), ...present({ JUJU_CHARM_DIR: /charm/ })],
  },
  '5: meter-status-changed': {
    event: { name: 'meter-status-changed' },
    facts: [
      ...RESTRICTED,
      { claim: 'juju-log works', run: 'juju-log x' },
      { claim: 'add-metric does not', run: 'add-metric users=1', ...fails(NO_RESTRICTED) },
      ...present({ JUJU_METER_STATUS: /./, JUJU_METER_INFO: /./ }),
      ...absent(['JUJU_HOOK_NAME', 'JUJU_VERSION', 'JUJU_MODEL_NAME']),
    ],
  },
}

describe.each(Object.entries(SCENES))('docs/juju.md %s', (title, scene) => tryScene(title, scene))

/** What a hook changes, and where it can be seen. */
const CHANGES: [what: string, run: string, isThere: (...args: Parameters<Effect['after']>) => boolean][] = [
  [
    'relation-set',
    'relation-set -r db:1 mine=new',
    ({ relations }) => relations[0]?.localUnit.mine === 'new',
  ],
  [
    'relation-set --app',
    'relation-set -r db:1 --app owner=new',
    ({ relations }) => relations[0]?.localApp.owner === 'new',
  ],
  ['state-set', 'state-set key=new', ({ charmState }) => charmState.key === 'new'],
  ['state-delete', 'state-delete key', ({ charmState }) => charmState.key === undefined],
  ['open-port', 'open-port 80', (state) => state.ports.some(({ from }) => from === 80)],
  ['close-port', 'close-port 22', (state) => state.ports.every(({ from }) => from !== 22)],
  ['storage-add', 'storage-add data=2', (_, { requestedStorage }) => requestedStorage.data === 2],
  ['secret-add', 'secret-add key=value', ({ secrets }) => secrets.length === 3],
  ['secret-set', `secret-set ${OWNED} token=new`, ({ secrets }) => secrets[0]?.revisions[2]?.token === 'new'],
  ['secret-grant', `secret-grant ${OWNED} -r db:1`, ({ secrets }) => secrets[0]?.grants[0]?.to === 'mysql'],
  ['secret-remove', `secret-remove ${OWNED}`, ({ secrets }) => secrets.every(({ id }) => id !== OWNED)],
]
const IMMEDIATE: typeof CHANGES = [
  ['status-set', 'status-set blocked no', ({ status }) => status.unit.status === 'blocked'],
  ['leader-set', 'leader-set a=1', ({ leaderSettings }) => leaderSettings.a === '1'],
  ['application-version-set', 'application-version-set 7', ({ version }) => version === '7'],
  ['juju-log', 'juju-log said', (_, { log }) => log.some(({ message }) => message === 'said')],
]
const state = { ports, secrets: SECRETS }

tryEffects('docs/juju.md 4: transactions', [
  ...CHANGES.flatMap(([what, run, isThere]): Effect[] => [
    {
      claim: `${what} is taken when the hook exits 0`,
      run,
      state,
      after: (...args) => expect(isThere(...args)).toBe(true),
    },
    {
      claim: `${what} is dropped when it fails`,
      run: `${run}; exit 1`,
      state,
      after: (...args) => expect(isThere(...args)).toBe(false),
    },
  ]),
  ...IMMEDIATE.map(
    ([what, run, isThere]): Effect => ({
      claim: `${what} is immediate and survives a failure`,
      run: `${run}; kill -9 $$`,
      state,
      after: (...args) => expect(isThere(...args)).toBe(true),
    }),
  ),
  {
    claim: 'relation-get of own data and state-get show what is pending, opened-ports does not',
    run: 'relation-set -r db:1 mine=new; state-set key=new; open-port 80; relation-get -r db:1 mine app/0; state-get key; opened-ports',
    state,
    after: (_, { stdout }) => expect(stdout).toBe('new\nnew\n22/tcp\n'),
  },
  {
    claim: 'a flush that fails makes the hook fail, and nothing is taken',
    run: 'relation-set -r db:1 mine=new; state-set key=new; status-set active kept',
    event: { name: 'install', failFlush: 'connection is shut down' },
    after: (after, result) => {
      expect(result).toMatchObject({ exitStatus: 0, refusal: 'connection is shut down' })
      expect(after.relations[0]?.localUnit.mine).toBe('old')
      expect(after.charmState.key).toBe('value')
      expect(after.status.unit).toEqual({ status: 'active', message: 'kept' })
    },
  },
  {
    claim: 'a storage that is not declared is refused at the end',
    run: 'storage-add nonsense; open-port 80',
    after: (after, result) => {
      expect(result.refusal).toBe('charm storage "nonsense" not found')
      expect(after.ports).toEqual([])
    },
  },
  {
    claim: 'a secret that is not there is refused at the end',
    run: 'secret-remove 00000000000000000vv0',
    after: (_, { exitStatus, refusal }) =>
      expect([exitStatus, refusal]).toEqual([0, 'secret "00000000000000000vv0" not found']),
  },
  {
    claim: 'action-fail and exit 0: the action is failed, the changes are committed',
    run: 'relation-set -r db:1 mine=new; action-fail broken',
    event: { name: 'backup', action: { name: 'backup' } },
    after: ({ relations }, { action }) => {
      expect(action).toMatchObject({ failed: true, message: 'broken' })
      expect(relations[0]?.localUnit.mine).toBe('new')
    },
  },
  {
    claim: 'an action that exits with another status: its changes are dropped, its results are returned',
    run: 'relation-set -r db:1 mine=new; action-set a.b=1; action-log half; exit 3',
    event: { name: 'backup', action: { name: 'backup' } },
    after: ({ relations }, { action }) => {
      expect(action).toEqual({
        results: { a: { b: '1' } },
        logs: ['half'],
        failed: true,
        message: 'exit status 3',
      })
      expect(relations[0]?.localUnit.mine).toBe('old')
    },
  },
  {
    claim: 'juju-reboot without --now: only after success',
    run: 'juju-reboot; open-port 80',
    after: (after, result) => {
      expect(result).toMatchObject({ exitStatus: 0, reboot: 'after' })
      expect(after.ports).toHaveLength(1)
    },
  },
  {
    claim: 'juju-reboot --now kills the hook, and drops what it has changed',
    run: 'open-port 80; juju-reboot --now; juju-log not-reached',
    after: (after, result) => {
      expect(result).toMatchObject({ signal: 'SIGKILL', reboot: 'now', log: [] })
      expect(after.ports).toEqual([])
    },
  },
  {
    claim: 'what a departing unit writes is not published',
    run: 'relation-set mine=lost; relation-set -r db:2 mine=kept',
    event: relation('departed', { remoteUnit: 'mysql/2', departingUnit: 'app/0' }),
    after: ({ relations }) =>
      expect(relations.map(({ localUnit }) => localUnit.mine).slice(0, 3)).toEqual([
        'old',
        undefined,
        'kept',
      ]),
  },
  {
    claim: 'who has departed is no member any more, and its data stays',
    run: ':',
    event: relation('departed', { remoteUnit: 'mysql/0' }),
    after: ({ relations }) => {
      expect(Object.keys(relations[0]?.remoteUnits ?? {})).toEqual(['mysql/10', 'mysql/2'])
      expect(relations[0]?.departedUnits['mysql/0']).toEqual({ host: '10.0.0.1', number: '12345' })
    },
  },
  {
    claim: 'a broken relation is gone',
    run: ':',
    event: relation('broken'),
    after: ({ relations }) => expect(relations.map(({ id }) => id)).not.toContain('db:1'),
  },
  {
    claim: 'a storage that was detached is gone',
    run: ':',
    event: { name: 'data-storage-detaching', storage: 'data/0' },
    state: { storage },
    after: (after) => expect(Object.keys(after.storage)).toEqual(['data/1', 'disk/2']),
  },
  {
    claim: 'the log has the levels that were asked for, INFO by default',
    run: 'juju-log a; juju-log -l WARNING b; juju-log --debug c; echo out; echo err >&2',
    after: (_, { log }) =>
      expect(log.map(({ level, message }) => `${level} ${message}`).sort()).toEqual([
        'DEBUG c',
        'DEBUG out',
        'INFO a',
        'WARNING b',
        'WARNING err',
      ]),
  },
])

describe('docs/juju.md 2: dispatch', () => {
  const SCRIPT = '#!/bin/bash\n'

  it('runs an executable dispatch for every hook and action, without arguments, and nothing else', async () => {
    const unit = await startUnit({
      dispatch: `${SCRIPT}echo "$# $JUJU_DISPATCH_PATH"`,
      'hooks/install': `${SCRIPT}exit 1`,
    })
    expect((await unit.run(INSTALL)).stdout).toBe('0 hooks/install\n')
    expect((await unit.run({ name: 'backup', action: { name: 'backup' } })).stdout).toBe('0 actions/backup\n')
  })

  it('skips a missing hook without an error', async () => {
    const unit = await startUnit({ 'hooks/install': SCRIPT })
    expect(await unit.run({ name: 'start' })).toMatchObject({ skipped: true, exitStatus: 0 })
  })

  it('serves two hooks of one machine one after the other', async () => {
    const unit = await startUnit(undefined, { state: STATE })
    const script = 'echo in >>order; sleep 0.05; echo out >>order; cat order'
    const [first, second] = await Promise.all([runScript(unit, script), unit.run({ name: 'start' })])
    expect([first.stdout, second.stdout]).toEqual(['in\nout\n', 'in\nout\nin\nout\n'])
  })
})
