// Command lines that are wrong: words that are missing, too many or ill-formed, and options.

import { endless, fifo, loop } from './given.ts'
import type { Row } from './row.ts'

const line = (words: readonly string[], says: string | undefined, more: Partial<Row> = {}): Row => ({
  given: `charms.reactive ${words.map((word) => JSON.stringify(word)).join(' ')}`.slice(0, 120),
  words,
  status: says === undefined ? 0 : 2,
  ...(says !== undefined && {
    says: words[0] === undefined || words[0].startsWith('-') ? says : `${words[0]}: ${says}`,
  }),
  ...more,
})

/** What a hook tool that is not there says outside of a hook. */
const OUTSIDE =
  "this works only in a hook, where Juju answers leader-set: juju exec --unit APP/N 'SHELL/charms.reactive …'"

const few = (name: string, takes: string) => `too few words, ${name} takes: ${takes}`

/** Each command without a word, and one word too many. */
const COUNTS: [name: string, takes: string, most?: number][] = [
  ...['set_flag', 'set_state', 'clear_flag', 'remove_state'].map((name): [string, string, number] => [
    name,
    'FLAG [VALUE]',
    2,
  ]),
  ...['toggle_flag', 'toggle_state'].map((name): [string, string, number] => [name, 'FLAG true|false', 2]),
  ...['is_flag_set', 'is_state'].map((name): [string, string, number] => [name, 'FLAG', 1]),
  ...[
    'all_flags_set',
    'all_states',
    'any_flags_set',
    'any_states',
    'get_unset_flags',
    'when',
    'when_all',
    'when_any',
    'when_not',
    'when_none',
    'when_not_all',
  ].map((name): [string, string] => [name, 'FLAG...']),
  ['hook', 'PATTERN...'],
  ['any_hook', 'PATTERN...'],
  ['when_file_changed', 'FILE...'],
  ['any_file_changed', 'FILE...'],
  ['only_once', 'ID', 1],
  ['was_invoked', 'ID', 1],
  ['mark_invoked', 'ID...'],
  ['forget', 'MARK...'],
  ['test', 'SPEC...'],
  ['data_changed', 'ID VALUE', 2],
  ['is_data_changed', 'ID VALUE', 2],
  ['kv', 'get|range|set|delete KEY [VALUE]', 3],
  ['render_template', 'SOURCE TARGET [k=v...]'],
  ['layer_option', 'LAYER [OPTION]', 2],
  ['config_get', 'OPTION', 1],
  ['relation_call', 'METHOD [ARG...]'],
  ['relation_id', 'RELATION_NAME REMOTE', 2],
  ['name_relation_get', 'RELATION_NAME UNIT [KEY]', 3],
  ['endpoint_relations', 'ENDPOINT', 1],
  ['endpoint_units', 'ENDPOINT', 1],
  ['endpoint_departed', 'ENDPOINT', 1],
  ['endpoint_get', 'ENDPOINT [KEY]', 2],
  ['endpoint_set', 'ENDPOINT KEY=VALUE...'],
  ['request_create', 'ENDPOINT [FIELD=VALUE...]'],
  ['request_list', 'ENDPOINT [REQUEST_ID [FIELD]]', 3],
  ['request_respond', 'ENDPOINT REQUEST_ID [FIELD=VALUE...]'],
  ['request_response', 'ENDPOINT [REQUEST_ID] [FIELD]', 3],
  ['leader_set', 'KEY=VALUE...'],
  ['status_candidate', 'STATUS [MESSAGE]', 2],
  ['hooks', 'install', 1],
  ['state', 'export|show', 1],
]

const counts: Row[] = COUNTS.flatMap(([name, takes, most]) => [
  line([name], few(name, takes)),
  ...(most === undefined
    ? []
    : [line([name, ...Array<string>(most).fill('x'), '$(touch CANARY)'], 'too many words: $(touch CANARY)')]),
])

/** Commands that take no words at all. */
const none: Row[] = ['get_flags', 'get_states', 'register_trigger', 'checkpoint', 'trace'].map((name) =>
  line([name, 'x'], 'too many words: x'),
)

const WATCHED = (file: string, reason: string) => `the file cannot be watched: ${file}: ${reason}`
const NOT_REGULAR = 'it is not a regular file'

export const COMMAND_ROWS: Row[] = [
  ...counts,
  ...none,
  line([''], ': unknown command:'.slice(2), { says: ': unknown command:' }),
  line(['-'], 'unknown command: -'),
  line(['--'], 'no command: see charms.reactive --help'),
  line(['--', ''], 'unknown command:'),
  line(['-x'], 'no command: see charms.reactive --help'),
  line(['nonsense\nx'], 'unknown command', { says: 'nonsense\\nx: unknown command: nonsense\\nx' }),
  line(['\u001b[0m'], 'unknown command', { says: '\\x1b[0m: unknown command: \\x1b[0m' }),
  ...['toString', 'hasOwnProperty', '__proto__', 'constructor', '../set_flag', 'set_flag '].map((name) =>
    line(
      [name, 'x'],
      `unknown command: ${name.trim()}`,
      name.endsWith(' ') ? { says: 'set_flag: unknown command: set_flag : did you mean set_flag?' } : {},
    ),
  ),
  line(['help', 'a'], 'unknown command: a'),
  line(['completion', 'zsh'], 'completion is for bash: zsh'),
  line(['main', 'a', 'b'], 'too many words: b'),
  line(['charm-env', 'x'], 'too many words: x'),
  line(['set_flag', 'x', '--format'], 'the option needs a value: --format'),
  line(['set_flag', 'x', '--format', 'nonsense'], 'unknown format: nonsense'),
  line(['set_flag', 'x', '--format='], 'unknown format:'),
  line(['set_flag', 'x', '--json=1'], 'the option takes no value: --json'),
  line(['set_flag', 'x', '-j=5'], 'the option takes no value: -j'),
  line(['set_flag', 'x', '-jz'], 'unknown option: -z'),
  line(['set_flag', 'x', '--no-json'], 'unknown option: --no-json'),
  line(['set_flag', 'x', '--constructor', 'y'], 'unknown option: --constructor'),
  line(['set_flag', 'x', '--_', 'y'], 'unknown option: --_'),
  line(['set_flag', 'x', '--_=y'], 'unknown option: --_'),
  line(['set_flag', 'x', '--unit', 'nope'], 'a unit is written APP/N: nope'),
  line(['set_flag', 'x', '--unit', '../../x/0'], 'a unit is written APP/N: ../../x/0'),
  line(['set_flag', 'x', '--charm-dir', '/nowhere'], 'not a charm dir, it has no metadata.yaml: /nowhere'),
  line(
    ['set_flag', 'x', '--unit', 'a/0', '--charm-dir', '.'],
    '--unit and --charm-dir cannot go together: a/0, .',
  ),
  line(['set_flag', 'x', '--unit'], 'the option needs a value: --unit'),
  line(['set_flag', ''], 'a flag needs a name: ""'),
  line(['set_flag', 'a\u0007b'], 'a flag name has no control characters: "a\\u0007b"'),
  line(['set_flag', '-5'], undefined, { flags: ['-5'] }),
  line(['set_flag', '--', '--help'], undefined, { flags: ['--help'] }),
  line(['toggle_flag', 'x', 'TRUE'], 'neither true nor false: TRUE'),
  line(['register_trigger'], 'a trigger needs exactly one of --when and --when_not'),
  line(
    ['register_trigger', '--when', 'a', '--when', 'b', '--set_flag', 'x'],
    'the option is given twice: --when',
  ),
  line(['register_trigger', '--when', 'a'], 'a trigger needs --set_flag or --clear_flag'),
  line(['register_trigger', '--when=', '--set_flag', 'x'], 'the option needs a value: --when'),
  line(['register_trigger', '--when', '-x', '--set_flag', 'x'], 'the option needs a value: --when'),
  line(['trace', '--last', '-1'], '--last takes a number from 1: -1'),
  line(['trace', '--last', '1e3'], '--last takes a number from 1: 1e3'),
  line(['trace', '--last', '99999999999999999999999'], undefined, {
    prints: 'no dispatch is recorded yet\n',
  }),
  line(['hooks', '__proto__'], 'the only verb is install: __proto__'),
  line(['state', '__proto__'], 'neither export nor show: __proto__'),
  line(['kv', '__proto__', 'x'], 'neither get, range, set nor delete: __proto__'),
  line(['kv', 'get', 'x', 'y'], 'too many words: y'),
  line(['kv', 'set', 'x'], 'no value: x'),
  line(['layer_option', ''], 'no such layer in layer.yaml: ""'),
  line(['layer_option', '__proto__'], 'no such layer in layer.yaml: "__proto__"'),
  line(['layer_option', 'a', 'b'], 'the charm has no layer.yaml: DIR/layer.yaml', {
    files: { 'layer.yaml': null },
  }),
  line(['test', 'a b nonsense x'], 'unknown decorator: @nonsense'),
  line(['test', 'a b __proto__ x'], 'unknown decorator: @__proto__'),
  line(['test', "a b when 'x"], "the quotes do not match: a b when 'x"),
  line(['any_hook', '{a,b}'.repeat(40)], `the pattern stands for too many hooks: ${'{a,b}'.repeat(16)}`, {
    env: { JUJU_HOOK_NAME: 'install' },
  }),
  line(
    ['any_hook', '{'.repeat(30_000) + '}'.repeat(30_000)],
    `the pattern stands for too many hooks: ${'{'.repeat(80)}`,
    { env: { JUJU_HOOK_NAME: 'install' } },
  ),
  line(['data_changed', 'x', 'y', '--hash_type', 'nonsense'], 'unknown hash type: nonsense'),
  line(['relation_call', '--endpoint', '__proto__', 'uri'], 'the charm has no such endpoint: __proto__', {
    status: 3,
  }),
  line(['relation_call', '--endpoint', 'db', '__proto__'], 'the endpoint db has no method: __proto__', {
    status: 3,
  }),
  line(['endpoint_get', '__proto__'], 'the charm has no such endpoint: __proto__'),
  line(['request_response', 'db', '--match', 'x'], 'not KEY=VALUE: x'),
  line(['leader_set', 'a=b'], `leader settings could not be written: a: ${OUTSIDE}`, { status: 3 }),
  line(
    ['leader_set', `a=${'x'.repeat(100_000)}`, `b=${'x'.repeat(100_000)}`],
    `leader settings could not be written: a, b: ${OUTSIDE}`,
    { status: 3 },
  ),
  line(['any_file_changed', ''], WATCHED('', 'EISDIR: illegal operation on a directory, read'), {
    status: 3,
  }),
  line(['any_file_changed', 'x'], WATCHED('x', NOT_REGULAR), {
    status: 3,
    prepare: fifo('x'),
    given: 'any_file_changed of a FIFO',
  }),
  line(['any_file_changed', '/dev/zero'], WATCHED('/dev/zero', NOT_REGULAR), { status: 3 }),
  line(['any_file_changed', '/dev/null'], undefined),
  line(['any_file_changed', 'x'], WATCHED('x', "ELOOP: too many symbolic links encountered, stat 'DIR/x'"), {
    status: 3,
    prepare: loop('x'),
    given: 'any_file_changed of a link to itself',
  }),
  line(['render_template', 't', 'o'], 'template not found: t', {
    status: 3,
    prepare: fifo('templates/t'),
    given: 'render_template of a FIFO',
  }),
  line(['render_template', 't', 'o'], 'template not found: t', {
    status: 3,
    prepare: endless('templates/t'),
    given: 'render_template of an endless file',
  }),
  line(['render_template', '../metadata.yaml', 'o'], 'template outside of the directory: ../metadata.yaml', {
    status: 3,
  }),
  line(['render_template', '', 'o'], 'template not found:', { status: 3, files: { 'templates/t': 'x' } }),
  line(['render_template', 't', ''], 'target is a directory: DIR', {
    status: 3,
    files: { 'templates/t': 'x' },
  }),
  line(['render_template', 't', '/dev/null'], 'target is not a regular file: /dev/null', {
    status: 3,
    files: { 'templates/t': 'x' },
  }),
  line(
    ['render_template', 't', '/proc/x/y'],
    "cannot write the file: /proc/x/y: ENOENT: no such file or directory, mkdir '/proc/x'",
    { status: 3, files: { 'templates/t': 'x' } },
  ),
  line(['render_template', 't', 'o'], 'template is not UTF-8: t', {
    status: 3,
    files: { 'templates/t': Buffer.from([0xe9]) },
    given: 'render_template of Latin-1',
  }),
  line(
    ['render_template', 't', 'o'],
    't:1: nested too deeply, or too long: Maximum call stack size exceeded',
    {
      status: 3,
      files: { 'templates/t': '{% include "t" %}' },
      given: 'a template that includes itself',
    },
  ),
  line(['render_template', 't', 'o'], 't:1: unexpected block-end: %}', {
    status: 3,
    files: { 'templates/t': '{% if %}' },
    given: 'a template with a syntax error',
  }),
  line(['render_template', 't', 'o', '--owner', 'nobody-here'], 'unknown user: nobody-here', {
    files: { 'templates/t': 'x' },
  }),
  line(['render_template', 't', 'o', '--mode', '8'], '--mode takes an octal number: 8', {
    files: { 'templates/t': 'x' },
  }),
  line(
    ['hooks', 'install'],
    "a stub cannot be written: hooks/config-changed: ENOTDIR: not a directory, lstat 'DIR/hooks/config-changed'",
    { status: 3, files: { hooks: 'x' }, given: 'hooks install where hooks is a file' },
  ),
]
