// The table of cases that entry-points.test.ts runs through every entry point: at least one for each command.
// All cases of an entry point share one charm and, in a hook, one dispatch: names are used once, flags are reset.

export type EntryPoint = 'session' | 'channel' | 'executable' | 'outside'

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
  /** Entry points that the case does not apply to, with the reason. */
  except?: Partial<Record<EntryPoint, string>>
}

/** The charm that the cases are about. */
export const CHARM: Record<string, string> = {
  'layer.yaml': `
includes: [layer:apt]
options:
  apt: {packages: [vim, "a b"], full: false, quick: true, name: x y, none: null}
defines:
  apt:
    packages: {type: array}
    full: {type: boolean}
    quick: {type: boolean}
    name: {type: string}
    none: {}
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
  'tools/status-set': '#!/bin/sh\n',
  'tools/relation-ids': '#!/bin/bash\n[[ ${!#} == db ]] && echo \'["db:1", "db:2"]\' || echo "[]"\n',
  'tools/relation-list': `#!/bin/bash
case "$*" in
  *--app*) echo '"mysql"' ;;
  *db:2*) echo '["mysql/0", "mysql/1"]' ;;
  *) echo '[]' ;;
esac
`,
  'tools/relation-get': '#!/bin/bash\ncat "data/$2/${!#}.json" 2>/dev/null || echo "{}"\n',
  'tools/relation-set': '#!/bin/bash\ncat >/dev/null\n',
  'data/db:2/mysql/0.json': JSON.stringify({
    host: '10.0.0.1',
    version: '1.10',
    list: '[1, 2]',
    'request_q-1': '{"request_id": "q-1", "sql": "select 1", "level": 2}',
    'request_q-2': '{"request_id": "q-2", "sql": "select 2"}',
  }),
  'data/db:2/mysql/1.json': JSON.stringify({
    host: '10.0.0.2',
    response_mine: '{"rows": [1, 2], "text": "a b", "none": null}',
  }),
  'data/db:2/mysql.json': '{"name": "dbs"}',
  'data/db:2/app/0.json': JSON.stringify({
    request_mine: '{"request_id": "mine", "sql": "select 3", "level": 1.0}',
    request_waiting: '{"request_id": "waiting"}',
    'response_q-1': '{"answer": 1}',
  }),
}

/** What the class of the endpoint `db` can do. */
export const ENDPOINT_METHODS: Record<string, (...args: string[]) => unknown> = {
  uri: () => 'mysql://db',
  hosts: () => ['a', 'b c'],
  details: () => ({ port: 3306 }),
  nothing: () => null,
  echo: (...args) => args.join('|'),
  later: async () => 'in time',
}

const NO_HOOK = { outside: 'there is no hook outside of a hook' }
const NO_TOOLS = { outside: 'there are no hook tools outside of a hook' }
const NO_CONFIG = { outside: 'there is no config-get outside of a hook' }
const NO_STATUS = { outside: 'there is no status-set outside of a hook' }
const NO_LEADERSHIP = { outside: 'there is no leader-get outside of a hook' }
const OWN_INPUT = { session: 'a caller in this process reads its own standard input' }

const usage = (message: string) => ({ status: 2, stderr: `charms.reactive: ${message}\n` })
const impossible = (message: string) => ({ status: 3, stderr: `charms.reactive: ${message}\n` })

/** Cases that need hook tools. */
const inHooks = (rows: Case[]): Case[] => rows.map((row) => ({ ...row, except: NO_TOOLS }))

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
  { line: ['test', 'one'], ...usage('test: a spec is written NAME ID [TEST ARGS]...: one') },
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
  {
    line: ['forget', 'forget.old', 'never.was'],
    before: [['mark_invoked', 'forget.old']],
    ...usage('forget: no such mark: never.was: get_marks lists them'),
  },
  { line: ['get_marks'], before: [['mark_invoked', 'mark.listed']], stdout: /^(.*\n)*mark\.listed\n/ },
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
    ...usage('render_template: a variable is written NAME=VALUE: nonsense'),
  },
  {
    line: ['render_template', 'app.j2', 'out-g', 'name=x', '--mode', '999'],
    ...usage('render_template: --mode takes an octal number: 999'),
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
  { line: ['relation_call', '--endpoint', 'db', 'uri'], stdout: 'mysql://db\n', except: NO_TOOLS },
  { line: ['relation_call', '--relation_name=db', 'hosts'], stdout: 'a\nb c\n', except: NO_TOOLS },
  {
    line: ['relation_call', '--flag', 'db.ready', 'details'],
    set: ['db.ready'],
    stdout: '{"port":3306}\n',
    except: NO_TOOLS,
  },
  {
    line: ['relation_call', '--state', 'endpoint.db.joined', 'nothing'],
    set: ['endpoint.db.joined'],
    except: NO_TOOLS,
  },
  {
    line: ['relation_call', '--endpoint', 'db', 'echo', 'a b', '', '1.0'],
    stdout: 'a b||1.0\n',
    except: NO_TOOLS,
  },
  { line: ['relation_call', '--endpoint', 'db', 'later'], stdout: 'in time\n', except: NO_TOOLS },
  {
    line: ['relation_call', '--endpoint', 'db', 'constructor'],
    ...impossible('relation_call: the endpoint db has no method: constructor'),
    except: NO_TOOLS,
  },
  {
    line: ['relation_call', '--endpoint', 'none', 'uri'],
    ...impossible('relation_call: the charm has no such endpoint: none'),
    except: NO_TOOLS,
  },
  {
    line: ['relation_call', '--flag', 'db.ready', 'uri'],
    ...impossible('relation_call: the flag is not set: db.ready'),
    except: NO_TOOLS,
  },
  {
    line: ['relation_call', 'uri'],
    ...usage('relation_call: relation_call needs exactly one of --flag and --endpoint'),
    except: NO_TOOLS,
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
  {
    line: ['config_get', 'constructor'],
    ...usage('config_get: config.yaml has no such option: constructor'),
    except: NO_CONFIG,
  },
  {
    line: ['config_get', 'prot'],
    ...usage('config_get: config.yaml has no such option: prot: did you mean port?'),
    except: NO_CONFIG,
  },
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
  { line: ['status_candidate', 'waiting', 'for the database'], except: NO_STATUS },
  { line: ['status_candidate', 'active'], except: NO_STATUS },
  {
    line: ['status_candidate', 'worst'],
    ...usage('status_candidate: a status is error, blocked, maintenance, waiting, active: worst'),
  },
]

const RELATIONS: Case[] = inHooks([
  { line: ['name_relation_get', 'db', 'mysql/0', 'host'], stdout: '10.0.0.1\n' },
  { line: ['name_relation_get', 'db', 'mysql/1', 'none'] },
  { line: ['endpoint_relations', 'db'], stdout: 'db:1\ndb:2\n' },
  { line: ['endpoint_relations', 'website', '-j'], stdout: '[]\n' },
  {
    line: ['endpoint_relations', 'none'],
    ...usage('endpoint_relations: the charm has no such endpoint: none'),
  },
  { line: ['endpoint_units', 'db'], stdout: 'mysql/0\nmysql/1\n' },
  { line: ['endpoint_units', 'db', '--relation', 'db:1'] },
  {
    line: ['endpoint_units', 'db', '--relation', 'db:9'],
    ...impossible('endpoint_units: db has no such relation: db:9'),
  },
  { line: ['endpoint_departed', 'db', '--clear'] },
  { line: ['endpoint_departed', 'db', '-j'], stdout: '[]\n' },
  { line: ['endpoint_get', 'db', 'host'], stdout: '10.0.0.1\n' },
  { line: ['endpoint_get', 'db', 'host', '--from', 'mysql/1'], stdout: '10.0.0.2\n' },
  { line: ['endpoint_get', 'db', 'version'], stdout: '1.10\n' },
  { line: ['endpoint_get', 'db', 'list'], stdout: '1\n2\n' },
  { line: ['endpoint_get', 'db', 'list', '--text'], stdout: '[1, 2]\n' },
  { line: ['endpoint_get', 'db', 'constructor'] },
  { line: ['endpoint_get', 'db', '--app', '--relation=db:2'], stdout: '{"name":"dbs"}\n' },
  {
    line: ['endpoint_get', 'db', '--from', 'mysql/9'],
    ...impossible('endpoint_get: db has no such unit: mysql/9'),
  },
  { line: ['endpoint_set', 'db', 'a=x=y', 'b='] },
  { line: ['endpoint_set', 'db', '--as-json', 'c=[1]', '--relation', 'db:2'] },
  { line: ['endpoint_set', 'db', 'word'], ...usage('endpoint_set: not KEY=VALUE: word') },
])

const REQUESTS: Case[] = inHooks([
  { line: ['request_list', 'db'], stdout: 'mine\nq-1\nq-2\nwaiting\n' },
  { line: ['request_list', 'db', '--new'], stdout: 'q-2\n' },
  { line: ['request_list', 'db', '--relation', 'db:1', '-j'], stdout: '[]\n' },
  {
    line: ['request_list', 'db', '--new', '--format', 'json'],
    stdout: '[{"id":"q-2","relation":"db:2","unit":"mysql/0","fields":{"sql":"select 2"},"response":null}]\n',
  },
  {
    line: ['request_list', 'db', 'q-1'],
    stdout:
      '{"id":"q-1","relation":"db:2","unit":"mysql/0","fields":{"sql":"select 1","level":2},"response":{"answer":1}}\n',
  },
  { line: ['request_list', 'db', 'q-1', 'sql'], stdout: 'select 1\n' },
  { line: ['request_list', 'db', 'q-1', 'constructor'] },
  { line: ['request_list', 'db', 'q-9'], ...impossible('request_list: db has no such request: q-9') },
  { line: ['request_response', 'db', 'mine'], stdout: '{"rows":[1,2],"text":"a b","none":null}\n' },
  { line: ['request_response', 'db', 'mine', 'text'], stdout: 'a b\n' },
  { line: ['request_response', 'db', 'mine', 'none'] },
  { line: ['request_response', 'db', 'waiting', 'text'], status: 1 },
  { line: ['request_response', 'db', 'q-1'], status: 1 },
  {
    line: ['request_response', 'db', 'rows', '--match', 'sql=select 3', '--match', 'level=1'],
    stdout: '1\n2\n',
  },
  { line: ['request_response', 'db', 'rows', '--match', 'sql=select 1'], status: 1 },
  { line: ['request_response', 'db'], ...usage('request_response: a request id or --match is missing') },
  {
    line: ['request_response', 'db', 'a', 'b', '--match', 'sql=x'],
    ...usage('request_response: too many words: b'),
  },
  {
    line: ['request_respond', 'db', 'q-2', 'answer=2'],
    flags: ['endpoint.db.has_requests'],
  },
  {
    line: ['request_respond', 'db', 'mine', 'answer=2'],
    ...impossible('request_respond: only the other side can answer a request of this unit: mine'),
  },
  {
    line: ['request_respond', 'db', 'q-9', 'a=1'],
    ...impossible('request_respond: db has no such request: q-9'),
  },
  { line: ['request_respond', 'db', 'q-1', 'word'], ...usage('request_respond: not KEY=VALUE: word') },
  {
    line: ['request_create', 'db', '--relation', 'db:1', 'csr=-----BEGIN', 'version=1.10'],
    set: ['endpoint.db.all_responses', 'endpoint.db.has_responses'],
    stdout: /^[0-9a-f-]{36}\n$/,
    flags: ['endpoint.db.has_responses'],
  },
  {
    line: ['request_list', 'db', 'one', '--relation', 'db:1'],
    before: [
      [
        'request_create',
        'db',
        '--relation=db:1',
        '--request-id',
        'one',
        '--as-json',
        'sans=["a"]',
        'csr=-----\n',
      ],
    ],
    stdout:
      /^\{"id":"one","relation":"db:1","unit":"app\/0","fields":\{"csr":"-----\\n","sans":\["a"\]\},"response":null\}\n$/,
  },
  {
    line: ['request_list', 'db', 'text', 'version', '--relation=db:1'],
    before: [['request_create', 'db', '--relation=db:1', '--request_id=text', 'version=1.10']],
    stdout: '1.10\n',
  },
  {
    line: ['request_create', 'db', 'a=1'],
    ...impossible('request_create: db has several relations, choose one with --relation: db:1 db:2'),
  },
  {
    line: ['request_create', 'website', 'a=1'],
    ...impossible('request_create: the endpoint has no relation: website'),
  },
  {
    line: ['request_create', 'db', '--relation=db:1', '--request_id', 'a b'],
    ...usage('request_create: a request id consists of letters, digits and _.:@/+-: "a b"'),
  },
  {
    line: ['request_create', 'db', '--relation=db:1', 'request_id=x'],
    ...usage('request_create: the id is not a field, give it with --request_id: request_id'),
  },
])

const NO_UNIT = 'it is about the files of a charm, and no hook calls it'
const IN_FILES: Case['except'] = { session: NO_UNIT, channel: NO_UNIT, executable: NO_UNIT }

const ENGINE: Case[] = [
  { line: ['hooks', 'install'], except: IN_FILES, stdout: /^wrote dispatch\nwrote hooks\/config-changed\n/ },
  {
    line: ['hooks', 'install', '-j'],
    before: [['hooks', 'install']],
    except: IN_FILES,
    stdout: /^\{"written":\[\],"unchanged":\["dispatch",.*\],"kept":\[\],"removed":\[\]\}\n$/,
  },
  { line: ['hooks', 'remove'], except: IN_FILES, ...usage('hooks: the only verb is install: remove') },
  {
    line: ['hooks', 'install'],
    except: { outside: NO_UNIT },
    ...usage('hooks: it works on files, so a hook cannot call it'),
  },
  { line: ['pack', 'a', 'b'], ...usage('pack: too many words: b') },
  { line: ['build', 'a', 'b'], ...usage('build: too many words: b') },
  { line: ['init', 'Bad', 'b'], ...usage('init: too many words: b') },
  { line: ['layers', '--no', 'b'], ...usage('layers: unknown option: --no') },
  { line: ['simulate', 'a'], ...usage('simulate: too few words, simulate takes: CHARM EVENT...') },
  { line: ['lint', 'a', 'b'], ...usage('lint: too many words: b') },
  { line: ['explain', '--no'], ...usage('explain: unknown option: --no') },
  { line: ['graph', 'a', 'b'], ...usage('graph: too many words: b') },
  { line: ['report', 'x'], ...usage('report: too many words: x') },
  { line: ['report', '--link', ''], ...usage('report: the option needs a value: --link') },
  { line: [], title: 'no words at all', stdout: /^charms\.reactive COMMAND/ },
  { line: ['--help'], stdout: /^charms\.reactive COMMAND/ },
  { line: ['set_flag', '--help'], stdout: /^charms\.reactive set_flag FLAG \[VALUE\]\n\nSet a flag\./ },
  { line: ['help', 'kv'], stdout: /^charms\.reactive kv get\|range\|set\|delete KEY/ },
  { line: ['set_flag', '--', '--help'], flags: ['--help'] },
  { line: ['help', 'nonsense'], status: 2, stderr: /^charms\.reactive: help: unknown command: nonsense\n$/ },
  { line: ['version'], stdout: /^\d+\.\d+\.\d+\n$/ },
  { line: ['--version'], stdout: /^\d+\.\d+\.\d+\n$/ },
  { line: ['completion', 'bash'], stdout: /complete -F \w+ charms\.reactive( [\w-]+)+\n$/ },
  { line: ['trace'], stdout: 'no dispatch is recorded yet\n' },
  { line: ['trace', '--failed', '--handler', 'x'], stdout: 'no dispatch is recorded yet\n' },
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

export const CASES: Case[] = [
  ...FLAGS,
  ...CONDITIONS,
  ...MEMORY,
  ...OF_THE_CHARM,
  ...RELATIONS,
  ...REQUESTS,
  ...ENGINE,
]
