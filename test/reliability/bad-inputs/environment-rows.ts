// Variables of the environment that are missing, or absurd; and directories with odd names.

import { HANDLER, RAN } from './given.ts'
import type { Row } from './row.ts'

/** A hook in which nothing is wrong in spite of it. */
const fine = (name: string, value: string | null, says: string | readonly string[] = RAN): Row => ({
  given: `${name} ${value === null ? 'missing' : JSON.stringify(value)}`,
  files: HANDLER,
  env: { [name]: value },
  status: 0,
  says,
})

const wrong = (
  name: string,
  value: string | null,
  status: number,
  says: string,
  words: readonly string[] = ['main'],
): Row => ({
  given: `${name} ${value === null ? 'missing' : JSON.stringify(value)}, for ${words[0]}`,
  files: HANDLER,
  env: { [name]: value },
  words,
  status,
  says,
  flags: [],
})

const DIRECTORIES = [
  'a b',
  'a\nb',
  'ü😀',
  `a'b"c`,
  '$(touch CANARY)',
  'a;b',
  '*',
  '-x',
  'a:b',
  'a%20b?#c',
  '{endpoint_name}',
]

/** One handler in each language, the last two because of what the one before has set. */
const LANGUAGES = {
  'reactive/a.sh': HANDLER['reactive/a.sh'],
  'reactive/b.mjs':
    "import { setFlag, when } from 'charms.reactive'\nwhen('ran', function g() { setFlag('js') })\n",
  'reactive/c':
    '#!/bin/bash\n[[ $1 != --test ]] || { is_flag_set ran && ! is_flag_set done; exit; }\nset_flag done\n',
}

const directories: Row[] = DIRECTORIES.map((dirName) => ({
  given: `a charm dir called ${JSON.stringify(dirName)}`,
  dirName,
  files: LANGUAGES,
  status: 0,
  says: [
    RAN,
    'INFO: Invoking reactive handler: reactive/b.mjs:g',
    'INFO: Invoking reactive handler: reactive/c',
  ],
  flags: ['done', 'js', 'ran'],
}))

export const ENVIRONMENT_ROWS: Row[] = [
  ...directories,
  wrong('CHARM_DIR', '/nowhere', 2, 'main: the charm dir is not a directory: /nowhere'),
  wrong('CHARM_DIR', 'metadata.yaml', 2, 'main: the charm dir is not a directory: metadata.yaml'),
  wrong('CHARM_DIR', '/nowhere', 2, 'set_flag: the charm dir is not a directory: /nowhere', [
    'set_flag',
    'x',
  ]),
  fine('CHARM_DIR', null),
  fine('CHARM_DIR', ''),
  fine('CHARM_DIR', '.'),
  fine('JUJU_CHARM_DIR', '/nowhere'),
  fine('TMPDIR', '/nowhere'),
  fine('TMPDIR', '/dev/null'),
  fine('TMPDIR', ''),
  fine('HOME', null),
  fine('HOME', '/dev/null'),
  wrong(
    'PATH',
    null,
    3,
    'main: config-get --all --format=json failed with status 127: spawn config-get ENOENT',
  ),
  fine('JUJU_UNIT_NAME', null),
  fine('JUJU_UNIT_NAME', ''),
  fine('JUJU_UNIT_NAME', '../../x'),
  fine('JUJU_UNIT_NAME', 'a\nb'),
  fine('JUJU_UNIT_NAME', '$(touch CANARY)'),
  fine('JUJU_HOOK_NAME', null, []),
  fine('JUJU_HOOK_NAME', '', []),
  fine('JUJU_HOOK_NAME', '../../etc', []),
  fine('JUJU_HOOK_NAME', 'a\nb', []),
  fine('JUJU_HOOK_NAME', '-x', []),
  fine('JUJU_HOOK_NAME', '$(touch CANARY)', []),
  fine('JUJU_HOOK_NAME', '{a,b}', []),
  fine('JUJU_HOOK_NAME', 'db-relation-changed', []),
  fine('JUJU_HOOK_NAME', '__proto__-relation-joined', []),
  fine('JUJU_DISPATCH_PATH', 'hooks/../../x'),
  wrong(
    'JUJU_DISPATCH_PATH',
    'actions/nope',
    3,
    'main: no handler matches the action, and it has no script: nope',
  ),
  wrong(
    'JUJU_ACTION_NAME',
    '__proto__',
    3,
    'main: no handler matches the action, and it has no script: __proto__',
  ),
  wrong('JUJU_ACTION_NAME', 'a\nb', 3, 'main: no handler matches the action, and it has no script: a\\nb'),
  fine('JUJU_RELATION_ID', 'nonsense'),
  fine('JUJU_REMOTE_UNIT', '$(touch CANARY)'),
  fine('JUJU_CONTEXT_ID', 'x'),
  fine('JUJU_VERSION', 'nonsense'),
  fine('JUJU_DEBUG_AT', 'all', [RAN, 'WARNING: JUJU_DEBUG_AT needs a terminal: all']),
  ...['/nowhere', '/dev/null', 'x', '/proc/1/fd/0'].map((channel) =>
    wrong('CHARMS_REACTIVE_CHANNEL', channel, 3, `no dispatch answers at the channel: ${channel}`, [
      'set_flag',
      'x',
    ]),
  ),
  wrong('CHARMS_REACTIVE_SHELL', '/nowhere', 3, 'the toolkit is not there: /nowhere', ['set_flag', 'x']),
  ...['abc', '-5', '1e99', 'Infinity', '0.5', 'NaN', ' '].map((time) =>
    fine('CHARMS_REACTIVE_BUSY_TIMEOUT', time),
  ),
  fine('CHARMS_REACTIVE_PROCESS', '7'),
  fine('CHARMS_REACTIVE_ROOT', '/nowhere'),
  fine('UNIT_STATE_DB', '/nowhere/x'),
  fine('LC_ALL', 'C'),
  fine('IFS', 'a'),
  fine('BASH_ENV', '/nowhere'),
  fine('BASHOPTS', 'failglob:nullglob:extglob'),
  fine('NODE_EXTRA_CA_CERTS', '/nowhere'),
  fine('GLOBIGNORE', '*'),
  fine('_reactive_text', 'x'),
  {
    given: 'a BASH_COMPAT under which here-strings are files',
    files: HANDLER,
    env: { BASH_COMPAT: '4.2' },
    says: 'main: here-strings are no pipes before bash 5.1 and with such a BASH_COMPAT: 4.2',
  },
]
