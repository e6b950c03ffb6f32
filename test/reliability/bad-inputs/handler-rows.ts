// What lies below reactive/, exec.d/ and hooks/, and what handlers do.

import {
  bash,
  directory,
  endless,
  executable,
  fifo,
  HANDLER,
  link,
  loop,
  RAN,
  socket,
  unreadable,
} from './given.ts'
import type { Row } from './row.ts'

/** Beside a handler that runs all the same. */
const beside = (given: string, more: Partial<Row>, says: readonly string[] = []): Row => ({
  given,
  ...more,
  files: { ...HANDLER, ...more.files },
  status: 0,
  says: [...says, RAN],
  flags: ['ran'],
})

const miss = (file: string, reason: string) => `WARNING: not a handler file: ${file}: ${reason}`
const NOWHERE = 'it is a link that leads nowhere'
const BROKEN =
  'main: BrokenHandler: the file is marked as executable, but the system cannot execute it: reactive/x:'

const places: Row[] = [
  {
    given: 'reactive that is a file',
    files: { reactive: 'x' },
    says: "main: the directory cannot be read: reactive: ENOTDIR: not a directory, scandir 'DIR/reactive'",
  },
  {
    given: 'reactive that is a FIFO',
    prepare: fifo('reactive'),
    says: "main: the directory cannot be read: reactive: ENOTDIR: not a directory, scandir 'DIR/reactive'",
  },
  {
    given: 'reactive that links to itself',
    prepare: loop('reactive'),
    says: "main: the directory cannot be read: reactive: ELOOP: too many symbolic links encountered, stat 'DIR/reactive'",
  },
  beside('a link to the directory above among handler files', { prepare: link('reactive/up', '..') }),
  beside('a link to their own directory among handler files', { prepare: link('reactive/self', '.') }),
  beside('a link to itself among handler files', { prepare: loop('reactive/x.sh') }, [
    miss('reactive/x.sh', NOWHERE),
  ]),
  beside('a link to nothing among handler files', { prepare: link('reactive/x.sh', 'nowhere') }, [
    miss('reactive/x.sh', NOWHERE),
  ]),
  beside('a FIFO among handler files', { prepare: fifo('reactive/x.sh') }),
  beside('a FIFO with the name of a module among handler files', { prepare: fifo('reactive/x.mjs') }),
  beside('a socket among handler files', { prepare: socket('reactive/x.sh') }),
  beside('a device among handler files', { prepare: endless('reactive/x.sh') }),
  {
    given: 'an unreadable handler file',
    files: HANDLER,
    prepare: unreadable('reactive/x'),
    says: 'main: the handler file cannot be read: reactive/x: EIO: i/o error, read',
    flags: [],
  },
  beside('an empty executable', { prepare: executable('reactive/x', '') }, [
    miss('reactive/x', 'it is executable, but has no #! line'),
  ]),
  {
    given: 'an executable that is only #!',
    files: { 'reactive/x': '#!' },
    says: `${BROKEN} spawn DIR/reactive/x EACCES`,
  },
  {
    given: 'an executable whose interpreter is a directory',
    files: { 'reactive/x': '#!/tmp\n' },
    says: `${BROKEN} spawn DIR/reactive/x EACCES`,
  },
  {
    given: 'an executable without its interpreter',
    files: { 'reactive/x': '#!/nowhere\n' },
    says: `${BROKEN} spawn DIR/reactive/x ENOENT`,
  },
  {
    given: 'an executable that is its own interpreter',
    prepare: (dir) => executable('reactive/x', `#!${dir}/reactive/x\n`)(dir),
    says: `${BROKEN} spawn ELOOP`,
  },
  {
    given: 'a bash file with line ends of DOS',
    files: { 'reactive/x': HANDLER['reactive/a.sh'].replaceAll('\n', '\r\n') },
    says: `${BROKEN} its first line ends with a carriage return, as in Windows files`,
  },
  beside('noise that is executable', { prepare: executable('reactive/x', Buffer.from([0, 1, 2, 3])) }, [
    miss('reactive/x', 'it is executable, but is not a program'),
  ]),
  {
    given: 'a file name with a line end',
    files: { ...HANDLER, 'reactive/b\nc.sh': bash('@hook install\ng() { :; }') },
    status: 0,
    says: [RAN, 'INFO: Invoking reactive handler: reactive/b\\nc.sh:g'],
  },
  beside('a long comment of 10 MB in a handler file', {
    files: { 'reactive/a.sh': `${HANDLER['reactive/a.sh']}# ${'x'.repeat(10_000_000)}` },
  }),
]

const functions: Row[] = [
  ...['a*', '-n', 'ü', '[', 'if', '__proto__', '{', 'a:b.c@d', 'printf', 'read', 'local', 'trap', 'exit'].map(
    (name) => ({
      given: `a handler called ${name}`,
      files: { 'reactive/a.sh': bash(`@hook install\nfunction ${name} { set_flag ran; }`) },
      status: 0,
      says: `INFO: Invoking reactive handler: reactive/a.sh:${name}`,
      flags: ['ran'],
    }),
  ),
  {
    given: 'a handler called a=b',
    files: { 'reactive/a.sh': bash('@hook install\nfunction a=b { :; }') },
    says: 'main: a decorator without a function: reactive/a.sh:4',
  },
  {
    given: 'a decorator of 40 alternatives',
    files: { 'reactive/a.sh': bash(`@hook '${'{a,b}'.repeat(40)}'\nf() { :; }`) },
    status: 2,
    says: `main: the pattern stands for too many hooks: ${'{a,b}'.repeat(16)}`,
  },
  {
    given: 'a layer_lib that leads out of the charm',
    files: { 'reactive/a.sh': bash('layer_lib ../../../evil; set_flag on'), 'evil.sh': 'set_flag evil' },
    status: 0,
    says: 'layer_lib: no layer has such a file: lib/charms/layer/../../../evil.sh',
    flags: ['on'],
  },
  {
    given: 'a layer_lib that is a FIFO',
    files: { 'reactive/a.sh': bash('layer_lib x; set_flag on') },
    prepare: fifo('lib/charms/layer/x.sh'),
    status: 0,
    says: 'layer_lib: no layer has such a file: lib/charms/layer/x.sh',
    flags: ['on'],
  },
]

/** A handler file in JavaScript whose only handler does that. */
const javascript = (
  given: string,
  text: string,
  status: number,
  says: string,
  flags: readonly string[] = [],
): Row => ({
  given: `a handler in JavaScript that ${given}`,
  files: {
    'reactive/a.mjs': `import * as reactive from 'charms.reactive'\nreactive.hook('install', async function x() { reactive.setFlag('lost')\n${text} })\n`,
  },
  status,
  says: ['INFO: Invoking reactive handler: reactive/a.mjs:x', `main: ${says}`],
  flags,
})

const FAILED = 'handler reactive/a.mjs:x failed with status 1 at reactive/a.mjs'
const WAIT = 'await new Promise((resolve) => setTimeout(resolve, 5000))'
const ENDED = 'the process exited before the hook ended: reactive/a.mjs'

const scripts: Row[] = [
  javascript('throws undefined', 'throw undefined', 1, `${FAILED}:2: undefined`),
  javascript('throws null', 'throw null', 1, `${FAILED}:2: null`),
  javascript('throws several lines', "throw new Error('a\\nb\\u001b[0m')", 1, `${FAILED}:3: a\\nb\\x1b[0m`),
  javascript('throws what is no text', 'throw Object.create(null)', 1, `${FAILED}:2: [object Object]`),
  javascript('throws what throws', 'throw { toString() { throw 1 } }', 1, `${FAILED}:2: [object Object]`),
  javascript(
    'forgets a promise that fails',
    `Promise.reject(new Error('late')); ${WAIT}`,
    1,
    `${FAILED}:3: late`,
  ),
  javascript(
    'fails in a timer',
    `setTimeout(() => { throw new Error('late') }, 5); ${WAIT}`,
    1,
    `${FAILED}:3: late`,
  ),
  javascript('never ends', 'await new Promise(() => {})', 3, `${ENDED}:x`),
  javascript('ends the process', 'process.exit(0)', 3, `${ENDED}:x`),
  javascript(
    'sends 200 KB to a hook tool',
    "await reactive.statusSet('active', 'x'.repeat(200_000))",
    1,
    `${FAILED}:3: status-set active ${'x'.repeat(1000)}… failed with status 127: spawn E2BIG`,
  ),
  javascript(
    'sends NUL to a hook tool',
    "await reactive.statusSet('active', 'a\\0b')",
    1,
    `${FAILED}:3: status-set active a\\x00b failed with status 127: The argument 'args[1]' must be a string without null bytes. Received 'a\\x00b'`,
  ),
  {
    given: 'a module that never ends',
    files: { 'reactive/a.mjs': 'await new Promise(() => {})' },
    says: `main: ${ENDED}`,
    flags: [],
  },
  {
    given: 'two handlers in JavaScript that undo each other',
    files: {
      'reactive/a.mjs':
        "import { clearFlag, setFlag, when, whenNot } from 'charms.reactive'\nwhen('a', function x() { clearFlag('a') })\nwhenNot('a', function y() { setFlag('a') })\n",
    },
    says: [
      ...Array.from(
        { length: 18 },
        (_, index) => `INFO: Invoking reactive handler: reactive/a.mjs:${index % 2 === 0 ? 'y' : 'x'}`,
      ),
      'main: handlers run in a loop: reactive/a.mjs:y, reactive/a.mjs:x; flags that alternate: a',
    ],
    flags: [],
  },
  {
    given: 'a cascade of 10,000 triggers',
    files: {
      'reactive/a.mjs':
        "import { clearFlag, getFlags, hook, registerTrigger, setFlag } from 'charms.reactive'\nfor (let i = 0; i < 10000; i++) registerTrigger({ when: `f${i}`, setFlag: `f${i + 1}` })\nhook('install', function x() { setFlag('f0'); const { length } = getFlags(); for (const flag of getFlags()) clearFlag(flag); setFlag(String(length)) })\n",
    },
    status: 0,
    says: 'INFO: Invoking reactive handler: reactive/a.mjs:x',
    flags: ['10001'],
  },
]

const others: Row[] = [
  beside('exec.d that is a file', { files: { 'exec.d': 'x' } }),
  beside('exec.d that links to itself', { prepare: loop('exec.d') }),
  beside('a link to itself in exec.d', { files: { 'exec.d/y': 'x' }, prepare: loop('exec.d/x') }),
  beside('a FIFO as charm-pre-install', { prepare: fifo('exec.d/x/charm-pre-install') }),
  {
    given: 'a charm-pre-install without its interpreter',
    files: { ...HANDLER, 'exec.d/x/charm-pre-install': '#!/nowhere\n' },
    says: [
      'INFO: Running exec.d/x/charm-pre-install',
      'main: BrokenHandler: the file is marked as executable, but the system cannot execute it: exec.d/x/charm-pre-install: spawn DIR/exec.d/x/charm-pre-install ENOENT',
    ],
    flags: [],
  },
  ...[fifo, loop, directory].map((make, index) =>
    beside(`${['a FIFO', 'a link to itself', 'a directory'][index]} as the hook's own script`, {
      files: { dispatch: '#!/bin/sh\n' },
      env: { JUJU_DISPATCH_PATH: 'hooks/install' },
      prepare: make('hooks/install'),
    }),
  ),
  beside('lib that is a file', { files: { lib: 'x', 'reactive/b.mjs': '' } }),
]

export const HANDLER_ROWS: Row[] = [...places, ...functions, ...scripts, ...others]
