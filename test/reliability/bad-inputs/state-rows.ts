// State files that are none, for a hook, a command that writes and one that reads.

import { directory, endless, fifo, HANDLER, link, loop, RAN, socket, unreadable } from './given.ts'
import type { Row } from './row.ts'

const STATE = '.reactive-state.db'
const COMMANDS: [name: string, more: Partial<Row>][] = [
  ['main', { files: HANDLER }],
  ['set_flag', { words: ['set_flag', 'x'] }],
  ['get_flags', { words: ['get_flags'] }],
]

/** The same for all three commands. */
const each = (given: string, more: Partial<Row>, says: string): Row[] =>
  COMMANDS.map(([name, command]) => ({
    given: `${given}, for ${name}`,
    ...command,
    ...more,
    files: { ...command.files, ...more.files },
    says: `${name}: ${says}`,
  }))

const OPENED = (reason: string) => `the unit state cannot be opened: DIR/${STATE}: ${reason}`
const FOREIGN = `the file is not a unit state: DIR/${STATE}`
const PYTHON = 'the file is not a state of the Python original: DIR/'

export const STATE_ROWS: Row[] = [
  ...each('a text as state', { files: { [STATE]: 'just text '.repeat(50) } }, FOREIGN),
  ...each('a short text as state', { files: { [STATE]: 'x' } }, FOREIGN),
  ...each('JSON as state', { files: { [STATE]: '{"flags": []}' } }, FOREIGN),
  ...each(
    'a directory as state',
    { prepare: directory(STATE) },
    OPENED('EISDIR: illegal operation on a directory, read'),
  ),
  ...each('a FIFO as state', { prepare: fifo(STATE) }, OPENED('it is not a regular file')),
  ...each('an endless state', { prepare: endless(STATE) }, OPENED('it is not a regular file')),
  ...each('a socket as state', { prepare: socket(STATE) }, OPENED('it is not a regular file')),
  ...each(
    'a state that links to itself',
    { prepare: loop(STATE) },
    OPENED(`ELOOP: too many symbolic links encountered, stat 'DIR/${STATE}'`),
  ),
  ...each('an unreadable state', { prepare: unreadable(STATE) }, OPENED('EIO: i/o error, read')),
  ...each(
    'a text as state of the original',
    { files: { '.unit-state.db': 'just text '.repeat(50) } },
    `${PYTHON}.unit-state.db: SQLITE_NOTADB: file is not a database`,
  ),
  ...each(
    'a FIFO as state of the original',
    { prepare: fifo('.unit-state.db') },
    `${PYTHON}.unit-state.db: it is not a regular file`,
  ),
  ...each(
    'a directory as state of the original',
    { prepare: directory('.unit-state.db') },
    `${PYTHON}.unit-state.db: it is not a regular file`,
  ),
  ...each(
    'a list as configuration of the original',
    { files: { '.juju-persistent-config': '[1]' } },
    `${PYTHON}.juju-persistent-config: it is not a JSON object`,
  ),
  { given: 'an empty state', files: { ...HANDLER, [STATE]: '' }, status: 0, says: RAN, flags: ['ran'] },
  {
    given: 'a state that links to a file that is not there yet',
    files: HANDLER,
    prepare: link(STATE, 'elsewhere.db'),
    status: 0,
    says: RAN,
    flags: ['ran'],
  },
  {
    given: 'a state in a directory that is not there, beside a configuration of the original, for get_flags',
    files: { '.juju-persistent-config': '{}' },
    words: ['get_flags'],
    env: { CHARMS_REACTIVE_STATE: 'TOP/missing/state.db' },
    status: 0,
  },
  {
    given: 'a state in a directory that is not there',
    words: ['set_flag', 'x'],
    env: { CHARMS_REACTIVE_STATE: 'TOP/missing/state.db' },
    says: "set_flag: the unit state cannot be written: TOP/missing/state.db: ENOENT: no such file or directory, open 'TOP/missing/state.db'",
  },
]
