// Hook tools that are missing, fail, or print what is no answer.

import { executable, HANDLER, RAN } from './given.ts'
import type { Row } from './row.ts'

/** What the tool is, and what is said of it behind its name. */
const KINDS: [what: string, tool: string | null, fault: string][] = [
  ['is missing', null, 'failed with status 127: spawn TOOL ENOENT'],
  [
    'prints garbage',
    '#!/bin/sh\necho garbage\n',
    'failed with status 0: answered with something that is not JSON: garbage',
  ],
  [
    'prints NUL',
    '#!/bin/sh\nprintf "\\\\000"\n',
    'failed with status 0: answered with something that is not JSON: \\x00',
  ],
  [
    'prints half an answer',
    '#!/bin/sh\nprintf "{\\"a\\": "\n',
    'failed with status 0: answered with something that is not JSON: {"a":',
  ],
  [
    'fails with two lines',
    '#!/bin/sh\necho one >&2\necho two >&2\nexit 1\n',
    'failed with status 1: one\\ntwo',
  ],
  ['is killed', '#!/bin/sh\nkill -9 $$\n', 'failed with status 137: killed by SIGKILL'],
  ['has no interpreter', '#!/nowhere\n', 'failed with status 127: spawn TOOL ENOENT'],
]

const TOOLS: [tool: string, call: string, more: Partial<Row>, ran: boolean][] = [
  ['config-get', 'config-get --all --format=json', {}, false],
  ['is-leader', 'is-leader --format=json', {}, true],
  ['leader-get', 'leader-get --format=json', {}, true],
  // Endpoints are asked side by side: with one only it is known which comes first.
  [
    'relation-ids',
    'relation-ids --format=json db',
    { files: { 'metadata.yaml': 'name: app\nrequires: {db: mysql}\n' } },
    false,
  ],
]

const asked: Row[] = TOOLS.flatMap(([tool, call, more, ran]) =>
  KINDS.map(([what, text, fault]) => {
    const message = `${call} ${fault.replace('TOOL', tool)}`
    return {
      given: `a ${tool} that ${what}`,
      files: { ...HANDLER, ...more.files },
      ...(text === null ? { withoutTool: tool } : { prepare: executable(`../tools/${tool}`, text) }),
      status: ran ? 0 : 3,
      says: ran ? [`WARNING: leadership flags stay as they are: ${message}`, RAN] : `main: ${message}`,
      flags: ran ? ['ran'] : [],
    }
  }),
)

/** The log goes to stderr where juju-log takes none. */
const logs: Row[] = [
  ['fails', '#!/bin/sh\nexit 1\n'],
  ['is killed', '#!/bin/sh\nkill -9 $$\n'],
  ['has no interpreter', '#!/nowhere\n'],
  ['is noise', '\0\x01\x02'],
].map(([what = '', text = '']) => ({
  given: `a juju-log that ${what}`,
  files: HANDLER,
  env: { JUJU_CONTEXT_ID: 'x' },
  prepare: executable('../tools/juju-log', text),
  status: 0,
  says: RAN,
  flags: ['ran'],
}))

export const TOOL_ROWS: Row[] = [
  ...asked,
  ...logs,
  {
    given: 'a config-get with keys of the language',
    files: HANDLER,
    prepare: executable(
      '../tools/config-get',
      '#!/bin/sh\necho \'{"__proto__": {"x": 1}, "constructor": "a", "toString": null}\'\n',
    ),
    status: 0,
    says: RAN,
  },
]
