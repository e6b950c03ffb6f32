// The table of cases that doors.test.ts runs through every door: at least one for each command.
// All cases of a door share one charm and, in a hook, one dispatch: names are used once, flags are reset.

import type { EndpointMethods } from '../src/relations.ts'

export type Door = 'session' | 'channel' | 'executable' | 'outside'

export interface Case {
  line: string[]
  title?: string
  /** Command lines to run before; flags are cleared afterwards. */
  before?: string[][]
  /** Flags that are set at the start. */
  set?: string[]
  /** Standard input. */
  input?: string
  /** 0 if not said. */
  status?: number
  /** Exactly, or a pattern; nothing if not said. */
  stdout?: string | RegExp
  stderr?: string | RegExp
  /** The flags that are set afterwards, in order; those of the start if not said. */
  flags?: string[]
  /** What files of the charm hold afterwards. */
  files?: Record<string, string>
  /** Doors that the case does not apply to, with the reason. */
  except?: Partial<Record<Door, string>>
}

/** The charm that the cases are about. */
export const CHARM: Record<string, string> = {
  'layer.yaml': `
includes: [layer:apt]
options:
  apt: {packages: [vim, "a b"], full: false, quick: true, name: x y, none: null}
defines:
  apt:
    retries: {type: integer, default: 3}
`,
  'config.yaml': 'options: {port: {type: int, default: 8080, description: Port}}\n',
  'watched.txt': 'content\n',
  'templates/app.j2': 'name={{ name }}\n{% if more is defined %}{{ more }}{% endif %}\n',
  'templates/undefined.j2': 'one\n{{ nothing }}\n',
  'tools/config-get':
    '#!/bin/sh\necho \'{"port": 8080, "debug": true, "off": false, "title": "a b", "empty": "", "unset": null}\'\n',
  'tools/is-leader': '#!/bin/sh\necho true\n',
  'tools/leader-get': '#!/bin/sh\necho \'{"token": "a b", "url": "http://x"}\'\n',
  'tools/leader-set': '#!/bin/sh\n',
  'tools/relation-ids': '#!/bin/sh\necho \'["db:1", "db:2"]\'\n',
  'tools/relation-list': '#!/bin/sh\n[ "$2" = db:2 ] && echo \'["mysql/0", "mysql/1"]\' || echo "[]"\n',
}

export const ENDPOINT_METHODS: EndpointMethods = {
  uri: () => 'mysql://db',
  hosts: () => ['a', 'b c'],
  details: () => ({ port: 3306 }),
  nothing: () => null,
  echo: (...args) => args.join('|'),
  later: async () => 'in time',
}

const NO_PROVIDER = { outside: 'nothing provides an endpoint outside of a dispatch' }
const NO_HOOK = { outside: 'there is no hook outside of a hook' }
const NO_TOOLS = { outside: 'there are no hook tools outside of a hook' }
const NO_CONFIG = { outside: 'there is no config-get outside of a hook' }
const NO_LEADERSHIP = { outside: 'there is no leader-get outside of a hook' }
const OWN_INPUT = { session: 'a caller in this process reads its own standard input' }

const usage = (message: string) => ({ status: 2, stderr: `charms.reactive: ${message}\n` })
const impossible = (message: string) => ({ status: 3, stderr: `charms.reactive: ${message}\n` })

const LONG = 'x'.repeat(4000)

/** A command and its deprecated name. */
const both = (names: [string, string], rows: (name: string) => Case[]): Case[] => names.flatMap(rows)

const FLAGS: Case[] = [
  ...both(['set_flag', 'set_state'], (name) => [
    { line: [name, 'a'], flags: ['a'] },
    { line: [name, 'a'], set: ['a', 'b'] },
    { line: [name, 'a', 'value'], flags: ['a'] },
    { line: [name, '--', '-x'], flags: ['-x'] },
    { line: [name, `it's "{a b}" $(x) \\ ü😀*`], flags: [`it's "{a b}" $(x) \\ ü😀*`] },
    { line: [name, '\ufeffx'], flags: ['\ufeffx'] },
    { line: [name, '1.10'], flags: ['1.10'] },
    { line: [name, '__proto__'], flags: ['__proto__'] },
    { line: [name, LONG], flags: [LONG] },
    { line: [name, ''], ...usage(`${name}: a flag needs a name: ""`) },
    { line: [name, 'a\nb'], ...usage(`${name}: a flag name has no control characters: "a\\nb"`) },
    {
      line: [name, `${LONG}${LONG}`],
      ...usage(`${name}: a flag name has at most 4096 bytes: "${'x'.repeat(80)}…"`),
    },
    { line: [name], ...usage(`${name}: too few words, ${name} takes: FLAG [VALUE]`) },
    { line: [name, 'a', 'b', 'c'], ...usage(`${name}: too many words: c`) },
    { line: [name, 'a', '--nonsense'], ...usage(`${name}: unknown option: --nonsense`) },
  ]),
  ...both(['clear_flag', 'remove_state'], (name) => [
    { line: [name, 'a'], set: ['a', 'b'], flags: ['b'] },
    { line: [name, 'a'], set: ['b'] },
    { line: [name, 'a', 'value'], set: ['a'], flags: [] },
    { line: [name, '\t'], ...usage(`${name}: a flag name has no control characters: "\\t"`) },
  ]),
  ...both(['toggle_flag', 'toggle_state'], (name) => [
    { line: [name, 'a', 'true'], flags: ['a'] },
    { line: [name, 'a', 'false'], set: ['a'], flags: [] },
    { line: [name, 'a', 'yes'], set: ['a'], ...usage(`${name}: neither true nor false: yes`) },
    { line: [name, 'a'], ...usage(`${name}: too few words, ${name} takes: FLAG true|false`) },
  ]),
  ...both(['is_flag_set', 'is_state'], (name) => [
    { line: [name, 'a'], set: ['a'] },
    { line: [name, 'b'], set: ['a'], status: 1 },
    { line: [name, 'a', 'b'], ...usage(`${name}: too many words: b`) },
    { line: [name, ''], ...usage(`${name}: a flag needs a name: ""`) },
  ]),
  ...both(['all_flags_set', 'all_states'], (name) => [
    { line: [name, 'a', 'b'], set: ['a', 'b'] },
    { line: [name, 'a', 'c'], set: ['a', 'b'], status: 1 },
    { line: [name], ...usage(`${name}: too few words, ${name} takes: FLAG...`) },
  ]),
  ...both(['any_flags_set', 'any_states'], (name) => [
    { line: [name, 'c', 'b'], set: ['a', 'b'] },
    { line: [name, 'c'], set: ['a', 'b'], status: 1 },
  ]),
  { line: ['get_flags'] },
  { line: ['get_flags'], set: ['b', 'a c', 'ü'], stdout: 'a c\nb\nü\n' },
  { line: ['get_flags', '--format', 'json'], set: ['b', 'a'], stdout: '["a","b"]\n' },
  { line: ['-y', 'get_flags'], set: ['b', 'a'], stdout: '- a\n- b\n' },
  { line: ['get_flags', '--format=csv'], set: ['a,b'], stdout: '"a,b"\n' },
  { line: ['get_flags', '-t'], set: ['a,b'], stdout: 'a,b\n' },
  { line: ['get_flags', '--format', 'xml'], ...usage('get_flags: unknown format: xml') },
  { line: ['get_unset_flags', 'c', 'a', 'b'], set: ['a'], stdout: 'b\nc\n' },
  { line: ['get_unset_flags', 'a'], set: ['a'] },
  { line: ['get_states'], stdout: '{}\n' },
  { line: ['get_states'], set: ['b', 'a'], stdout: '{"a":null,"b":null}\n' },
  { line: ['get_states', '--format', 'yaml'], set: ['a'], stdout: 'a: null\n' },
  {
    line: ['set_flag', 'trigger.when'],
    before: [
      ['register_trigger', '--when', 'trigger.when', '--set-flag=trigger.b', '--clear_flag', 'trigger.c'],
    ],
    set: ['trigger.c'],
    flags: ['trigger.b', 'trigger.when'],
  },
  {
    line: ['clear_flag', 'trigger.not'],
    before: [
      ['register_trigger', '--when-not', 'trigger.not', '--set_flag', 'trigger.d', '--set_flag', 'trigger.e'],
    ],
    set: ['trigger.not'],
    flags: ['trigger.d', 'trigger.e'],
  },
  { line: ['register_trigger', '--when', 'x', '--set_flag', "y's"] },
  {
    line: ['register_trigger', '--set_flag', 'y'],
    ...usage('register_trigger: a trigger needs exactly one of --when and --when_not'),
  },
  {
    line: ['register_trigger', '--when', 'a\nb', '--set_flag', 'y'],
    ...usage('register_trigger: a flag name has no control characters: "a\\nb"'),
  },
]

const CONDITIONS: Case[] = [
  { line: ['hook', 'config-changed'], status: 1, except: NO_HOOK, title: 'hook in the other phase' },
  { line: ['hook', 'install'], status: 1 },
  { line: ['any_hook', 'install', 'config-{changed,other}'], except: NO_HOOK },
  { line: ['any_hook', '{provides:http}-relation-{joined,changed}'], status: 1 },
  { line: ['any_hook', 'install'], status: 1 },
  { line: ['when', 'a', 'b'], set: ['a', 'b'] },
  { line: ['when', 'a', 'c'], set: ['a', 'b'], status: 1 },
  { line: ['when'], ...usage('when: too few words, when takes: FLAG...') },
  { line: ['when', 'a\nb'], ...usage('when: a flag name has no control characters: "a\\nb"') },
  { line: ['when_all', 'a'], set: ['a'] },
  { line: ['when_all', 'a', 'c'], set: ['a'], status: 1 },
  { line: ['when_any', 'c', 'a'], set: ['a'] },
  { line: ['when_any', 'c'], set: ['a'], status: 1 },
  { line: ['when_not', 'c', 'd'], set: ['a'] },
  { line: ['when_not', 'a', 'd'], set: ['a'], status: 1 },
  { line: ['when_none', 'c'], set: ['a'] },
  { line: ['when_none', 'a'], set: ['a'], status: 1 },
  { line: ['when_not_all', 'a', 'c'], set: ['a'] },
  { line: ['when_not_all', 'a'], set: ['a'], status: 1 },
  { line: ['only_once', 'once.new'] },
  { line: ['only_once', 'once.old'], before: [['mark_invoked', 'once.old']], status: 1 },
  {
    line: ['test', "first f:first when 'a'", "second f:second when 'b'", "third f:third when_not 'b c'"],
    set: ['a'],
    stdout: 'first,third\n',
  },
  { line: ['test', "one f:test.new only_once ''"], stdout: 'one\n' },
  { line: ['test', "one f:one when 'b'"] },
  { line: ['test', "one f:one 'when"], ...usage("test: the quotes do not match: one f:one 'when") },
  { line: ['test', 'one'], ...usage('test: a spec is NAME ID [TEST ARGS]...: one') },
]

const WATCH = 'a foreign executable is answered for itself: what it saw counts when it has succeeded'

const MEMORY: Case[] = [
  { line: ['mark_invoked', 'mark.a', 'mark.b'] },
  { line: ['was_invoked', 'was.new'], status: 1 },
  { line: ['was_invoked', 'was.old'], before: [['mark_invoked', 'was.old', 'other']] },
  {
    line: ['was_invoked', 'forgotten'],
    before: [
      ['mark_invoked', 'forgotten'],
      ['forget', 'forgotten'],
    ],
    status: 1,
  },
  { line: ['forget', 'never.was', 'it'] },
  { line: ['when_file_changed', 'none.txt'], status: 1 },
  { line: ['when_file_changed', 'templates/app.j2'], except: { executable: WATCH } },
  { line: ['any_file_changed', 'watched.txt'] },
  { line: ['any_file_changed', 'watched.txt'], before: [['any_file_changed', 'watched.txt']], status: 1 },
  { line: ['any_file_changed', '--peek', 'metadata.yaml'] },
  { line: ['any_file_changed', 'config.yaml'], before: [['any_file_changed', '--peek', 'config.yaml']] },
  { line: ['any_file_changed', '--hash_type', 'sha256', 'tools/config-get'] },
  { line: ['any_file_changed', 'never-was.txt'], status: 1 },
  {
    line: ['any_file_changed', '--hash-type=md55', 'layer.yaml'],
    ...usage('any_file_changed: unknown hash type: md55'),
  },
  {
    line: ['any_file_changed', 'templates'],
    status: 3,
    stderr: /^charms\.reactive: any_file_changed: the file cannot be watched: templates: EISDIR.*\n$/,
  },
  { line: ['data_changed', 'data.new', 'x'] },
  {
    line: ['data_changed', 'data.same', '{"b": 1.0, "a": 2}'],
    before: [['data_changed', 'data.same', '{"a":2,"b":1.0}']],
    status: 1,
  },
  { line: ['data_changed', 'data.float', '1.0'], before: [['data_changed', 'data.float', '1']] },
  {
    line: ['data_changed', 'data.sha', 'x', '--hash-type', 'sha1'],
    before: [['data_changed', 'data.sha', 'x']],
  },
  { line: ['data_changed', 'data.long', LONG], before: [['data_changed', 'data.long', LONG]], status: 1 },
  { line: ['data_changed', 'data.input', '-'], input: 'a\nb\n', except: OWN_INPUT },
  {
    line: ['data_changed', 'data.again', '-'],
    input: '[1]',
    before: [['data_changed', 'data.again', '[1 ]']],
    status: 1,
    except: OWN_INPUT,
  },
  {
    line: ['data_changed', 'data.none'],
    ...usage('data_changed: too few words, data_changed takes: ID VALUE'),
  },
  { line: ['is_data_changed', 'is.new', 'x'] },
  { line: ['is_data_changed', 'is.twice', 'x'], before: [['is_data_changed', 'is.twice', 'x']] },
  { line: ['is_data_changed', 'is.old', 'x'], before: [['data_changed', 'is.old', 'x']], status: 1 },
  { line: ['kv', 'set', 'kv.a', '{"b": [1, null]}'] },
  {
    line: ['kv', 'get', 'kv.map'],
    before: [['kv', 'set', 'kv.map', '{"b": [1, null]}']],
    stdout: '{"b":[1,null]}\n',
  },
  { line: ['kv', 'get', 'kv.text'], before: [['kv', 'set', 'kv.text', 'a b\nc']], stdout: 'a b\nc\n' },
  {
    line: ['kv', 'get', 'kv.list', '-y'],
    before: [['kv', 'set', 'kv.list', '["x", 1]']],
    stdout: '- x\n- 1\n',
  },
  { line: ['kv', 'get', 'kv.null'], before: [['kv', 'set', 'kv.null', 'null']] },
  { line: ['kv', 'get', '__proto__'], status: 1 },
  { line: ['kv', 'get', 'kv.none'], status: 1 },
  {
    line: ['kv', 'get', 'kv.gone'],
    before: [
      ['kv', 'set', 'kv.gone', '1'],
      ['kv', 'delete', 'kv.gone'],
    ],
    status: 1,
  },
  { line: ['kv', 'delete', 'kv.never'] },
  {
    line: ['kv', 'range', 'range.'],
    before: [
      ['kv', 'set', 'range.b', '1'],
      ['kv', 'set', 'range.a', 'x'],
    ],
    stdout: '{"range.a":"x","range.b":1}\n',
  },
  { line: ['kv', 'range', 'nothing.'], stdout: '{}\n' },
  { line: ['kv', 'set', 'kv.a'], ...usage('kv: no value: kv.a') },
  { line: ['kv', 'put', 'kv.a'], ...usage('kv: neither get, range, set nor delete: put') },
]

const OF_THE_CHARM: Case[] = [
  { line: ['render_template', 'app.j2', 'out-a', 'name=a b'], files: { 'out-a': 'name=a b\n' } },
  {
    line: ['render_template', 'app.j2', 'dir/out-b', 'name=x=y', 'more=ü', '--mode', '0640'],
    files: { 'dir/out-b': 'name=x=y\nü' },
  },
  { line: ['render_template', 'undefined.j2', 'out-c', '--undefined', 'empty'], files: { 'out-c': 'one\n' } },
  {
    line: ['render_template', 'undefined.j2', 'out-d'],
    status: 3,
    stderr: /^charms\.reactive: render_template: .*nothing.*\n$/,
  },
  {
    line: ['render_template', 'none.j2', 'out-e'],
    status: 3,
    stderr: /^charms\.reactive: render_template: .*none\.j2.*\n$/,
  },
  {
    line: ['render_template', 'app.j2', 'out-f', 'nonsense'],
    ...usage('render_template: a variable is NAME=VALUE: nonsense'),
  },
  {
    line: ['render_template', 'app.j2', 'out-g', 'name=x', '--mode', '999'],
    ...usage('render_template: --mode is an octal number: 999'),
  },
  {
    line: ['render_template', 'app.j2'],
    ...usage('render_template: too few words, render_template takes: SOURCE TARGET [k=v...]'),
  },
  { line: ['layer_option', 'apt', 'packages'], stdout: 'vim\na b\n' },
  { line: ['layer_option', 'apt', 'name'], stdout: 'x y\n' },
  { line: ['layer_option', 'apt', 'retries'], stdout: '3\n' },
  { line: ['layer_option', 'apt', 'quick'] },
  { line: ['layer_option', 'apt', 'full'], status: 1 },
  { line: ['layer_option', 'apt', 'full', '-j'], status: 1, stdout: 'false\n' },
  { line: ['layer_option', 'apt', 'none'] },
  {
    line: ['layer_option', 'apt'],
    stdout: 'packages:\n  - vim\n  - a b\nfull: false\nquick: true\nname: x y\nnone: null\nretries: 3\n',
  },
  {
    line: ['layer_option', 'apt', '--format', 'json'],
    stdout: '{"packages":["vim","a b"],"full":false,"quick":true,"name":"x y","none":null,"retries":3}\n',
  },
  {
    line: ['layer_option', 'none'],
    status: 2,
    stderr: /^charms\.reactive: layer_option: no such layer in layer\.yaml: .*none.*\n$/,
  },
  {
    line: ['layer_option', 'apt', 'constructor'],
    status: 2,
    stderr: /^charms\.reactive: layer_option: no such option of layer apt: .*constructor.*\n$/,
  },
  { line: ['relation_call', '--endpoint', 'db', 'uri'], stdout: 'mysql://db\n', except: NO_PROVIDER },
  { line: ['relation_call', '--relation_name=db', 'hosts'], stdout: 'a\nb c\n', except: NO_PROVIDER },
  {
    line: ['relation_call', '--flag', 'db.ready', 'details'],
    set: ['db.ready'],
    stdout: '{"port":3306}\n',
    except: NO_PROVIDER,
  },
  {
    line: ['relation_call', '--state', 'endpoint.db.joined', 'nothing'],
    set: ['endpoint.db.joined'],
    except: NO_PROVIDER,
  },
  {
    line: ['relation_call', '--endpoint', 'db', 'echo', 'a b', '', '1.0'],
    stdout: 'a b||1.0\n',
    except: NO_PROVIDER,
  },
  { line: ['relation_call', '--endpoint', 'db', 'later'], stdout: 'in time\n', except: NO_PROVIDER },
  {
    line: ['relation_call', '--endpoint', 'db', 'constructor'],
    ...impossible('relation_call: the endpoint db has no method: constructor'),
    except: NO_PROVIDER,
  },
  {
    line: ['relation_call', '--endpoint', 'none', 'uri'],
    ...impossible('relation_call: nothing answers for the endpoint: none'),
  },
  {
    line: ['relation_call', '--flag', 'db.ready', 'uri'],
    ...impossible('relation_call: the flag is not set: db.ready'),
  },
  {
    line: ['relation_call', 'uri'],
    ...usage('relation_call: relation_call needs exactly one of --flag and --endpoint'),
  },
  { line: ['relation_id', 'db', 'mysql/1'], stdout: 'db:2\n', except: NO_TOOLS },
  { line: ['relation_id', 'db', 'mysql'], stdout: 'db:2\n', except: NO_TOOLS },
  {
    line: ['relation_id', 'db', 'mysql/3'],
    ...impossible('relation_id: no relation of db has the unit or application: mysql/3'),
    except: NO_TOOLS,
  },
  {
    line: ['relation_id', 'db'],
    ...usage('relation_id: too few words, relation_id takes: RELATION_NAME REMOTE'),
  },
  { line: ['config_get', 'port'], stdout: '8080\n', except: NO_CONFIG },
  { line: ['config_get', 'debug'], stdout: 'True\n', except: NO_CONFIG },
  { line: ['config_get', 'off'], stdout: 'False\n', except: NO_CONFIG },
  { line: ['config_get', 'title'], stdout: 'a b\n', except: NO_CONFIG },
  { line: ['config_get', 'unset'], except: NO_CONFIG },
  { line: ['config_get', 'constructor'], except: NO_CONFIG },
  { line: ['config_get', 'port', '-j'], stdout: '8080\n', except: NO_CONFIG },
  { line: ['config_get', 'a', 'b'], ...usage('config_get: too many words: b') },
  { line: ['leader_get', 'token'], stdout: 'a b\n', except: NO_LEADERSHIP },
  { line: ['leader_get', 'missing'], except: NO_LEADERSHIP },
  { line: ['leader_get', 'constructor'], except: NO_LEADERSHIP },
  { line: ['leader_get', '-j', 'missing'], stdout: 'null\n', except: NO_LEADERSHIP },
  { line: ['leader_get', 'a', 'b'], ...usage('leader_get: too many words: b') },
  {
    line: ['leader_set', 'fresh=x=y', 'gone='],
    flags: ['leadership.changed', 'leadership.changed.fresh', 'leadership.set.fresh'],
    except: NO_LEADERSHIP,
  },
  {
    line: ['leader_set', '--', '-new=1'],
    flags: ['leadership.changed', 'leadership.changed.-new', 'leadership.set.-new'],
    except: NO_LEADERSHIP,
  },
  { line: ['leader_set', 'word'], ...usage('leader_set: not KEY=VALUE: word') },
  { line: ['leader_set', '=x'], ...usage('leader_set: not KEY=VALUE: =x') },
  { line: ['leader_set'], ...usage('leader_set: too few words, leader_set takes: KEY=VALUE...') },
]

const ENGINE: Case[] = [
  { line: ['hooks', 'install'], stdout: /^wrote dispatch\nwrote hooks\/config-changed\n/ },
  {
    line: ['hooks', 'install', '-j'],
    before: [['hooks', 'install']],
    stdout: /^\{"written":\[\],"unchanged":\["dispatch",.*\],"kept":\[\],"removed":\[\]\}\n$/,
  },
  { line: ['hooks', 'remove'], ...usage('hooks: the only verb is install: remove') },
  { line: [], title: 'no words at all', stdout: /^charms\.reactive COMMAND/ },
  { line: ['--help'], stdout: /^charms\.reactive COMMAND/ },
  { line: ['set_flag', '--help'], stdout: /^charms\.reactive set_flag FLAG \[VALUE\]\n\nSet a flag\./ },
  { line: ['help', 'kv'], stdout: /^charms\.reactive kv get\|range\|set\|delete KEY/ },
  { line: ['set_flag', '--', '--help'], flags: ['--help'] },
  { line: ['help', 'nonsense'], status: 2, stderr: /^charms\.reactive: help: unknown command: nonsense\n$/ },
  { line: ['version'], stdout: /^\d+\.\d+\.\d+\n$/ },
  { line: ['--version'], stdout: /^\d+\.\d+\.\d+\n$/ },
  { line: ['completion', 'bash'], stdout: /complete -F \w+ charms\.reactive\n$/ },
  { line: ['trace'] },
  { line: ['trace', '--last', '5', '--format', 'json'], stdout: '[]\n' },
  { line: ['trace', '--last', '0'], ...usage('trace: --last takes a number from 1: 0') },
  {
    line: ['state', 'export'],
    set: ['a', 'b c'],
    before: [['kv', 'set', 'port', '80']],
    stdout:
      /^# Not in this snapshot: config, leader, .*secrets.*\n(unit: app\/0\n)?flags:\n {2}- a\n {2}- b c\nkv:\n(.*\n)* {2}port: 80\n/,
  },
  {
    line: ['state', 'export', '--format', 'json'],
    set: ['a'],
    stdout: /^\{("unit":"app\/0",)?"flags":\["a"\],"kv":\{.*\},"memory":\{.*\}\}\n$/,
  },
  {
    line: ['state', 'show'],
    set: ['a'],
    stdout: /^(unit: app\/0\n)?flags:\n {2}a\nkv:.*\n(.*\n)*not known here: config, leader, .*\n$/,
  },
  { line: ['state', 'import'], ...usage('state: neither export nor show: import') },
  { line: ['checkpoint'], set: ['kept'] },
  { line: ['checkpoint'] },
  { line: ['nonsense'], ...usage('nonsense: unknown command: nonsense') },
  { line: ['__proto__', 'a'], ...usage('__proto__: unknown command: __proto__') },
  { line: ['constructor'], ...usage('constructor: unknown command: constructor') },
]

export const CASES: Case[] = [...FLAGS, ...CONDITIONS, ...MEMORY, ...OF_THE_CHARM, ...ENGINE]
