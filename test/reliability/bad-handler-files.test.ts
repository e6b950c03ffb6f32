import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import type { EventResult } from '../../src/simulator/events.ts'
import { effort, oneIn, sampled } from '../effort.ts'
import {
  bash,
  type CharmFiles,
  compile,
  flags,
  lines,
  ran,
  remarks,
  startUnit,
  traces,
} from '../end-to-end/charm.ts'

/** Run install with the handler file beside one that sets a flag. */
async function install(
  files: CharmFiles,
  extra: CharmFiles = {},
): Promise<{ result: EventResult; kept: string[] }> {
  const unit = await startUnit({ ...files, ...extra, 'reactive/0.sh': bash('set_flag early') })
  const result = await unit.run({ name: 'install' })
  return { result, kept: flags(unit) }
}

/** The hook has failed before any handler ran, with this one record, and nothing is kept. */
async function expectRefused(files: CharmFiles, message: string): Promise<EventResult> {
  const { result, kept } = await install(files)
  expect(remarks(result)).toEqual([`ERROR ${message}`])
  expect(result.exitStatus).toBe(3)
  expect(result.stderr).not.toContain('charms.reactive: main: ')
  expect(ran(result)).toEqual([])
  expect(kept).toEqual([])
  return result
}

const some = oneIn(2)

const HANDLER = '@hook install\nfunction handler() { set_flag handled; }\n'

describe('a bash file that does not reach reactive_handler_main', () => {
  it('with a syntax error fails the hook, with file and line', async () => {
    const { result, kept } = await install({
      'reactive/app.sh': bash(`${HANDLER}if true; then\n  echo (\nfi`),
    })
    expect(result.exitStatus).toBe(3)
    expect(remarks(result)).toEqual([
      expect.stringMatching(
        /^ERROR the file does not register, it ended with status 2 at reactive\/app\.sh:6: syntax error near unexpected token/,
      ),
    ])
    expect(kept).toEqual([])
  })

  some('with a syntax error above the source line fails the hook as well', async () => {
    const { result } = await install({
      'reactive/app.sh': `#!/bin/bash\nfi\nsource charms.reactive.sh\nreactive_handler_main\n`,
    })
    expect(result.exitStatus).toBe(3)
    expect(remarks(result)).toEqual([
      expect.stringMatching(
        /^ERROR the file does not register, it ended with status 2 at reactive\/app\.sh:2: syntax error near/,
      ),
    ])
  })

  it.each(
    sampled(
      [
        [
          '',
          'the file cannot be sourced: reactive/app.sh:3: source lib/missing.sh: lib/missing.sh: No such file',
        ],
        [
          'set -e\n',
          'the file does not register, it ended with status 1 at reactive/app.sh:4: lib/missing.sh: No such file',
        ],
      ],
      1,
    ),
  )('because a sourced file is missing fails the hook, with %j above', async (options, message) => {
    await expectRefused(
      {
        'reactive/app.sh': `#!/bin/bash\n${options}source charms.reactive.sh\nsource lib/missing.sh\n${HANDLER}reactive_handler_main\n`,
      },
      `${message} or directory`,
    )
  })

  some('because the library is missing fails the hook', async () => {
    const { result } = await install({
      'reactive/app.sh': `#!/bin/bash\nsource lib/charms.reactive.sh\n${HANDLER}reactive_handler_main\n`,
    })
    expect(result.exitStatus).toBe(3)
    expect(remarks(result)).toEqual([
      expect.stringMatching(/^ERROR .*reactive\/app\.sh:\d.*(No such file|reactive_handler_main)/),
    ])
  })

  some('and ends without it fails the hook, and says so', async () => {
    await expectRefused(
      { 'reactive/app.sh': `#!/bin/bash\nsource charms.reactive.sh\n${HANDLER}` },
      'the file ends without reactive_handler_main: reactive/app.sh:1',
    )
  })

  some('because a command fails under errexit fails the hook, with the line and the command', async () => {
    await expectRefused(
      {
        'reactive/app.sh': `#!/bin/bash\nset -e\nsource charms.reactive.sh\n\ngrep -q x /dev/null\nreactive_handler_main\n`,
      },
      'the file does not register, it ended with status 1 at reactive/app.sh:5: grep -q x /dev/null',
    )
  })

  it('because it was killed fails the hook', async () => {
    await expectRefused(
      { 'reactive/app.sh': bash(`${HANDLER}kill -KILL "$$"`) },
      'the file does not register, it ended with status 137 at reactive/app.sh:1: status 137',
    )
  })

  it('but exits explicitly says that nothing of it applies here', async () => {
    const { result, kept } = await install({
      'reactive/app.sh': bash(`${HANDLER}[[ -e /nowhere ]] || exit 1`),
      'reactive/other.sh': bash('echo no output of a test; exit 0'),
      'reactive/third.sh': bash('@hook install\nfunction third() { set_flag third; }'),
    })
    expect(result).toMatchObject({ exitStatus: 0, stderr: '', stdout: 'no output of a test\n' })
    expect(remarks(result)).toEqual([
      'DEBUG reactive/app.sh does not apply here: exit 1 at reactive/app.sh',
      'DEBUG reactive/other.sh does not apply here: exit 0 at reactive/other.sh',
    ])
    expect(ran(result)).toEqual(['reactive/third.sh:third'])
    expect(kept).toEqual(['early', 'third'])
  })

  some('with a decorator without a function fails the hook, with file and line', async () => {
    await expectRefused(
      { 'reactive/app.sh': bash("\n@when 'a flag'\n\necho hello") },
      'a decorator without a function: reactive/app.sh:4',
    )
    await expectRefused(
      {
        'reactive/app.sh': bash(
          "if false; then\nf() { :; }\nfi\n@when 'a flag'\nif false; then\ng() { :; }\nfi",
        ),
      },
      'a decorator without a function: reactive/app.sh:8',
    )
  })

  it.each(
    sampled(
      [
        ["@when ''\nf() { :; }", 'a flag needs a name: "", at reactive/app.sh:4 f'],
        [
          "@when $'a\\nb'\nf() { :; }",
          'a flag name has no control characters: "a\\nb", at reactive/app.sh:4 f',
        ],
        ['@when\nf() { :; }', 'the decorator needs words: @when, at reactive/app.sh:4 f'],
        ['@only_once x\nf() { :; }', 'the decorator takes no words: @only_once x, at reactive/app.sh:4 f'],
        ["@when ok\n@not_unless ''\nf() { :; }", 'a flag needs a name: "", at reactive/app.sh:5 f'],
      ],
      2,
    ),
  )('with the decorator %j fails the hook', async (text, message) => {
    await expectRefused({ 'reactive/app.sh': bash(text) }, message)
  })
})

describe('a file with unusual content', () => {
  some('may have nounset above the source line', async () => {
    const { result, kept } = await install({
      'reactive/app.sh': `#!/bin/bash\nset -euo pipefail\nsource charms.reactive.sh\n${HANDLER}reactive_handler_main\n`,
    })
    expect(result).toMatchObject({ exitStatus: 0, stderr: '', stdout: '' })
    expect(kept).toEqual(['early', 'handled'])
  })

  some('may use any printable flag name; what is none is a one-line error that changes nothing', async () => {
    const names = [
      "it's",
      'say "so"',
      '$(touch executed)',
      '`touch executed`',
      '-leading',
      '--format',
      'two words',
      '{a,b}',
      '*',
      '\\n',
      '%s',
      'prüfung ✓',
      'x'.repeat(4096),
    ]
    const quote = (name: string) => `'${name.replaceAll("'", "'\\''")}'`
    const handlers = names.map(
      (name, index) => `@when -- ${quote(name)}\nfunction f${index}() { echo ${index} >>ran; }`,
    )
    const unit = await startUnit({
      'reactive/app.sh': bash(`
@hook install
function sets() {
${names.map((name) => `  set_flag -- ${quote(name)}`).join('\n')}
  set_flag $'line\\nend'
  echo $? >>statuses
  set_flag ${'y'.repeat(4097)}
  echo $? >>statuses
  set_flag ''
  echo $? >>statuses
  is_flag_set -- ${quote('$(touch executed)')}
  echo $? >>statuses
}

${handlers.map((text) => text.replace('@when -- ', '@when ')).join('\n')}`),
    })
    const result = await unit.run({ name: 'install' })
    expect(result.exitStatus).toBe(0)
    expect(lines(unit, 'statuses')).toEqual(['2', '2', '2', '0'])
    expect(result.stderr.split('\n')).toEqual([
      'charms.reactive: set_flag: a flag name has no control characters: "line\\nend"',
      `charms.reactive: set_flag: a flag name has at most 4096 bytes: "${'y'.repeat(80)}…"`,
      'charms.reactive: set_flag: a flag needs a name: ""',
      '',
    ])
    expect(fs.existsSync(path.join(unit.charmDir, 'executed'))).toBe(false)
    expect(lines(unit, 'ran')).toEqual(names.map((_, index) => String(index)))
    expect(flags(unit)).toEqual([...names].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))))
  })
})

describe('near misses', () => {
  some('are skipped and named, as a warning when the set of them is new, else for debugging', async () => {
    const unit = await startUnit({
      'reactive/no-bit': 'plain text',
      'reactive/script': '#!/bin/bash\nexit 9\n',
      'reactive/library.sh': 'echo sourced >>seen\n',
      'reactive/unused.sh': 'exit 9\n',
      'reactive/text': Buffer.from('exit 9\n'),
      'reactive/README.md': '# Handlers\n',
      'reactive/data.yaml': 'a: 1\n',
      'reactive/.hidden': '#!/bin/bash\nexit 9\n',
      'reactive/backup.sh~': '#!/bin/bash\nexit 9\n',
      'reactive/.app.sh.swp': Buffer.from('#!/bin/bash\nexit 9\n'),
      'reactive/__pycache__/x.pyc': Buffer.from([0, 1, 2]),
      'reactive/app.sh': bash('source reactive/library.sh'),
    })
    fs.chmodSync(path.join(unit.charmDir, 'reactive/script'), 0o644)
    const misses = [
      'reactive/script: it is not executable, and no other handler file sources it',
      'reactive/text: it is executable, but has no #! line',
      'reactive/unused.sh: it is not executable, and no other handler file sources it',
    ].map((text) => `not a handler file: ${text}`)
    const first = await unit.run({ name: 'install' })
    expect(first).toMatchObject({ exitStatus: 0, stderr: '' })
    expect(remarks(first)).toEqual(misses.map((text) => `WARNING ${text}`))
    expect(remarks(await unit.run({ name: 'start' }))).toEqual(misses.map((text) => `DEBUG ${text}`))
    fs.rmSync(path.join(unit.charmDir, 'reactive/text'))
    const fewer = misses.filter((text) => !text.includes('reactive/text'))
    expect(remarks(await unit.run({ name: 'start' }))).toEqual(fewer.map((text) => `WARNING ${text}`))
    expect(remarks(await unit.run({ name: 'start' }))).toEqual(fewer.map((text) => `DEBUG ${text}`))
    expect(lines(unit, 'seen').length).toBe(4)
  })
})

/** This Node.js, but for a machine that there is not. */
function foreignBinary(): Buffer {
  const start = fs.readFileSync(process.execPath).subarray(0, 4096)
  start.writeUInt16LE(0xfeed, 18)
  return start
}

describe('a foreign executable', () => {
  const dies = (on: string) =>
    compile(`#include <signal.h>
#include <string.h>
int main(int count, char **words) { return strcmp(words[1], "${on}") == 0 ? raise(SIGSEGV) : 0; }`)

  some('that dies by a signal when it is asked, or when it runs, fails the hook', async () => {
    const asked = await install({ 'reactive/binary': dies('--test') })
    const message = 'handler reactive/binary failed with status 139 at reactive/binary: reactive/binary'
    expect(remarks(asked.result)).toEqual([`ERROR ${message} --test: killed by SIGSEGV`])
    expect(asked.result).toMatchObject({ exitStatus: 139, stderr: '' })
    expect(asked.kept).toEqual([])
    const invoked = await install({ 'reactive/binary': dies('--invoke') })
    expect(remarks(invoked.result)).toEqual([`ERROR ${message} --invoke: killed by SIGSEGV`])
    expect(invoked.result.exitStatus).toBe(139)
    expect(ran(invoked.result)).toEqual(['reactive/binary'])
    expect(invoked.kept).toEqual([])
  })

  it.each(sampled([126, 127, 200], 1))('that answers --test with %i fails the hook', async (status) => {
    const { result, kept } = await install({ 'reactive/script': `#!/bin/sh\nexit ${status}\n` })
    expect(remarks(result)).toEqual([
      `ERROR handler reactive/script failed with status ${status} at reactive/script: reactive/script --test`,
    ])
    expect(result.exitStatus).toBe(status)
    expect(kept).toEqual([])
  })

  some('that answers 1 says no, and 2 to 125 is a no with a warning', async () => {
    const unit = await startUnit({
      'reactive/1': '#!/bin/sh\nexit 1\n',
      'reactive/2': '#!/bin/sh\nexit 2\n',
      'reactive/3': '#!/bin/sh\nexit 125\n',
    })
    const result = await unit.run({ name: 'install' })
    expect(result).toMatchObject({ exitStatus: 0, stderr: '' })
    expect(ran(result)).toEqual([])
    // Asked in the hooks phase, and once more at the start of the other.
    expect(remarks(result)).toEqual([
      'WARNING reactive/2 --test exited with status 2, which counts as no',
      'WARNING reactive/3 --test exited with status 125, which counts as no',
      'WARNING reactive/2 --test exited with status 2, which counts as no',
      'WARNING reactive/3 --test exited with status 125, which counts as no',
    ])
  })

  it.each([
    ['a binary for another machine', foreignBinary(), 'it is a binary for another system'],
    ['a script without its interpreter', '#!/nowhere/interpreter\n', 'ENOENT'],
  ])('that is %s is named as broken', async (_, content, code) => {
    const { result, kept } = await install({ 'reactive/broken': content })
    expect(result.exitStatus).toBe(3)
    expect(remarks(result)).toEqual([
      expect.stringMatching(
        new RegExp(`^ERROR BrokenHandler: the file is marked as executable, .*: reactive/broken: .*${code}`),
      ),
    ])
    expect(kept).toEqual([])
  })

  some('in sh that does not source the library is asked by the protocol', async () => {
    const unit = await startUnit({
      'reactive/script.sh': `#!/bin/sh
echo "$*" >>calls
if [ "$1" = --test ]; then echo "one 'line'  with \\$x"; echo second line; [ ! -e done ]; exit; fi
printf '%s' "$2" >line
touch done
`,
    })
    const result = await unit.run({ name: 'install' })
    expect(result).toMatchObject({ exitStatus: 0, stderr: '', stdout: '' })
    expect(ran(result)).toEqual(['reactive/script.sh'])
    expect(fs.readFileSync(path.join(unit.charmDir, 'line'), 'utf8')).toBe("one 'line'  with $x")
    expect(lines(unit, 'calls')).toEqual(['--test', "--invoke one 'line'  with $x"])
    const [record] = await traces(unit)
    expect(record?.iterations[0]?.tested).toEqual([
      { handler: 'reactive/script.sh', matches: true, answers: [{ condition: '--test', holds: true }] },
    ])
  })
})

describe('a JavaScript file', () => {
  it.each(
    sampled(
      [
        ["import 'charms.reactive'\nthrow new Error('at the top')\n", 'at the top', ':2'],
        ["import { nothing } from 'charms.reactive'\n", 'nothing', ':1:10'],
        [
          "import { when } from 'charms.reactive'\nwhen('', function f() {})\n",
          'a flag needs a name: ""',
          ':2',
        ],
        ['function ( {', '', ':1:1'],
        ['const a = 1\n\n\n\n\n\nconst b = = 2\n', "Unexpected token '='", ':7:11'],
        ["import fs from 'node:fs'\n\nimport { nothing } from 'charms.reactive'\n", 'nothing', ':3:10'],
        ["import fs from 'node:fs'\nimport { no } from 'node:fs'\n", 'no', ':2:10'],
        ["\nimport x from './missing.mjs'\n", 'Cannot find module', ':2'],
        ["\n\nimport x from 'no-such-package'\n", 'Cannot find package', ':3'],
        [
          "import { setFlag } from 'charms.reactive'\n\nsetFlag(undefined)\n",
          'a flag must be a string: undefined',
          ':3',
        ],
      ],
      3,
    ),
  )('that cannot be imported fails the hook: %j', async (text, reason, line) => {
    const { result, kept } = await install({ 'reactive/app.mjs': text })
    expect(result.exitStatus).toBe(3)
    expect(remarks(result)).toHaveLength(1)
    expect(remarks(result)[0]).toMatch(/^ERROR the file cannot be imported: reactive\/app\.mjs:\d+(:\d+)?: /)
    expect(remarks(result)[0]).toContain(`reactive/app.mjs${line}: `)
    expect(remarks(result)[0]).toContain(reason)
    expect(kept).toEqual([])
  })

  some('whose syntax error is in a file that it imports names that one', async () => {
    const files = {
      'reactive/app.mjs': "import { lib } from '../lib/one.mjs'\n",
      'lib/one.mjs': "export * from './two.mjs'\nexport const lib = 1\n",
      'lib/two.mjs': '\n\nexport const = 1\n',
    }
    const { result } = await install(files)
    expect(remarks(result)[0]).toBe(
      "ERROR the file cannot be imported: lib/two.mjs:3:14: Unexpected token '='",
    )
  })

  some('in CommonJS tells the place as well', async () => {
    const { result } = await install({ 'reactive/app.cjs': 'const a = 1\n\nconst b = = 2\n' })
    expect(remarks(result)[0]).toBe(
      "ERROR the file cannot be imported: reactive/app.cjs:3:11: Unexpected token '='",
    )
  })

  it.each([
    ["import { when } from 'charms.reactive'\n\nwhen('a')\n", 3],
    [
      "import { when, whenNot } from 'charms.reactive'\nwhen('a')(whenNot('b')(function f() {}))\nwhenNot('c', 'd')\n",
      3,
    ],
  ])('with a decorator without a function fails the hook: %j', async (text, line) => {
    const { result } = await install({ 'reactive/app.mjs': text })
    expect(result.exitStatus).toBe(3)
    expect(remarks(result)).toEqual([`ERROR a decorator without a function: reactive/app.mjs:${line}`])
  })

  some('may keep a decorator for another file, which applies it', async () => {
    const { result } = await install({
      'reactive/a.mjs': "import { hook } from 'charms.reactive'\nexport const atInstall = hook('install')\n",
      'reactive/b.mjs': "import { atInstall } from './a.mjs'\natInstall(function f() {})\n",
    })
    expect(result.exitStatus).toBe(0)
    expect(ran(result)).toEqual(['reactive/b.mjs:f'])
  })

  some('names the line of a handler that hands over nothing', async () => {
    const { result } = await install({
      'reactive/app.mjs':
        "import { hook, setFlag } from 'charms.reactive'\nhook('install', function f() {\n  setFlag(undefined)\n})\n",
    })
    expect(remarks(result)).toEqual([
      'ERROR handler reactive/app.mjs:f failed with status 1 at reactive/app.mjs:3: a flag must be a string: undefined',
    ])
  })
})

it('may print very much at its import, in Python: all of it is the output of the hook', async () => {
  const megabytes = effort({ sample: 1, full: 100 })
  const text = `import sys
from charms.reactive import set_flag
for _ in range(${megabytes}):
    sys.stdout.write(('x' * 99 + '\\n') * 5000)
    sys.stderr.write(('y' * 99 + '\\n') * 5000)
set_flag('printed')
`
  const { result, kept } = await install({ 'reactive/app.py': text })
  expect(result.exitStatus).toBe(0)
  expect(kept).toEqual(['early', 'printed'])
  expect([result.stdout.length, result.stderr.length]).toEqual([megabytes * 500_000, megabytes * 500_000])
})
