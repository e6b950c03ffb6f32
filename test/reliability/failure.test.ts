import { describe, expect } from 'vitest'
import type { EventResult } from '../../src/simulator/events.ts'
import { oneIn } from '../effort.ts'
import {
  ask,
  bash,
  compile,
  errors,
  flags,
  given,
  lines,
  ran,
  remarks,
  startUnit,
  traces,
  upgrade,
} from '../end-to-end/charm.ts'

/** Every run has some of these tests, the full set all. */
const some = oneIn(2)

/** The one record of a failure: what the log says at ERROR. Juju would log a line on stderr as well. */
function failure(result: EventResult): { status: number; error: string[]; stderr: string } {
  const error = remarks(result).filter((line) => line.startsWith('ERROR '))
  return { status: result.exitStatus, error, stderr: result.stderr }
}

const one = (status: number, message: string) => ({
  status,
  error: [`ERROR ${message}`],
  stderr: '',
})

const PYTHON = `#!/usr/bin/env python3
import subprocess, sys
if sys.argv[1] == '--test':
    sys.exit(subprocess.call(['is_flag_set', 'by-python']) == 0)
subprocess.check_call(['charms.reactive', 'set_flag', 'by-python'])
subprocess.check_call(['charms.reactive', 'kv', 'set', 'python', '[1]'])
`

const PERL = `#!/usr/bin/perl
use strict;
if ($ARGV[0] eq '--test') { exit(system('is_flag_set', 'by-perl') == 0 ? 1 : 0) }
system('set_flag', 'by-perl') == 0 or die;
`

const C = `#include <stdlib.h>
#include <string.h>
int main(int count, char **words) {
  if (strcmp(words[1], "--test") == 0) return system("is_flag_set by-c") == 0;
  return system("set_flag by-c && charms.reactive mark_invoked c && data_changed c 1") != 0;
}
`

const JAVASCRIPT = `import { hook, setFlag } from 'charms.reactive'
hook('install', function byJavaScript() { setFlag('by-javascript') })
`

describe('a hook whose handler fails', () => {
  some('keeps no change of any language, and the next hook runs as if it had not been', async () => {
    const unit = await startUnit({
      'reactive/1-python': PYTHON,
      'reactive/2-perl': PERL,
      'reactive/3-c': compile(C),
      'reactive/4-javascript.mjs': JAVASCRIPT,
      'reactive/5-app.sh': bash(`
@hook install
function by_bash() { set_flag by-bash; clear_flag before; ( set_flag by-bash-subshell ); }

@when by-bash
function fails() {
  env set_flag by-executable
  [[ ! -e fail ]] || exit 7
}`),
      fail: '',
    })
    given(unit, 'before')
    const failed = await unit.run({ name: 'install' })
    const handlers = [
      'reactive/1-python',
      'reactive/2-perl',
      'reactive/3-c',
      'reactive/4-javascript.mjs:byJavaScript',
      'reactive/5-app.sh:by_bash',
      'reactive/5-app.sh:fails',
    ]
    expect(ran(failed)).toEqual(handlers)
    const place = 'reactive/5-app.sh:10'
    expect(failure(failed)).toEqual(
      one(7, `handler reactive/5-app.sh:fails failed with status 7 at ${place}: exit 7`),
    )
    expect(remarks(failed)).toHaveLength(1)
    expect(flags(unit)).toEqual(['before'])
    expect(await ask(unit, 'kv', 'range', '')).toBe('{}\n')
    const invoked = await unit.command(['charms.reactive', 'was_invoked', 'c'])
    expect(invoked.exitStatus).toBe(1)
    const [record] = await traces(unit)
    expect(record).toMatchObject({
      event: 'install',
      unit: 'app/0',
      status: 7,
      error: `handler reactive/5-app.sh:fails failed with status 7 at ${place}: exit 7`,
    })
    expect(record?.iterations.flatMap(({ ran: runs }) => runs.map(({ handler }) => handler))).toEqual(
      handlers,
    )
    expect(record?.iterations.at(-1)?.ran.at(-1)).toMatchObject({
      changes: [{ flag: 'by-executable', set: true }],
      error: expect.stringContaining('status 7'),
    })

    const again = await unit.command(['rm', 'fail']).then(() => unit.run({ name: 'install' }))
    expect(again).toMatchObject({ exitStatus: 0, stderr: '' })
    expect(ran(again)).toEqual(handlers)
    expect(flags(unit)).toEqual([
      'by-bash',
      'by-bash-subshell',
      'by-c',
      'by-executable',
      'by-javascript',
      'by-perl',
      'by-python',
    ])
    expect(await ask(unit, 'kv', 'get', 'python', '-j')).toBe('[1]\n')
  })

  some('drops what was set before it also when handlers of other languages fail', async () => {
    const unit = await startUnit({
      'reactive/a.sh': bash('@hook install start stop update-status\nfunction sets() { set_flag set; }'),
      'reactive/python': `#!/usr/bin/env python3
import os, sys
if sys.argv[1] == '--test': sys.exit(os.environ['JUJU_HOOK_NAME'] != 'install')
sys.exit(5)
`,
      'reactive/perl': `#!/usr/bin/perl
if ($ARGV[0] eq '--test') { exit($ENV{JUJU_HOOK_NAME} ne 'start') }
kill 'KILL', $$;
`,
      'reactive/c': compile(`#include <stdio.h>
#include <stdlib.h>
#include <string.h>
int main(int count, char **words) {
  if (strcmp(words[1], "--test") == 0) {
    printf("what to do\\n");
    return strcmp(getenv("JUJU_HOOK_NAME"), "stop") != 0;
  }
  abort();
}`),
      'reactive/z.mjs': `import { hook } from 'charms.reactive'
hook('update-status', async function breaks() {
  await null
  throw new Error('no\\ngood')
})
`,
    })
    expect(failure(await unit.run({ name: 'install' }))).toEqual(
      one(5, 'handler reactive/python failed with status 5 at reactive/python: reactive/python --invoke'),
    )
    expect(failure(await unit.run({ name: 'start' }))).toEqual(
      one(
        137,
        'handler reactive/perl failed with status 137 at reactive/perl: reactive/perl --invoke: killed by SIGKILL',
      ),
    )
    expect(failure(await unit.run({ name: 'stop' }))).toEqual(
      one(
        134,
        'handler reactive/c failed with status 134 at reactive/c: reactive/c --invoke what to do: killed by SIGABRT',
      ),
    )
    expect(failure(await unit.run({ name: 'update-status' }))).toEqual(
      one(1, 'handler reactive/z.mjs:breaks failed with status 1 at reactive/z.mjs:4: no\\ngood'),
    )
    expect(flags(unit)).toEqual([])
  })

  some('names the command, its file and line, and its status, under the options of the file', async () => {
    const unit = await startUnit({
      'lib/helpers.sh': 'help_out() {\n  true\n  ls /nowhere/at/all 2>/dev/null\n}\n',
      'reactive/app.sh': `#!/bin/bash
set -eu
source charms.reactive.sh
source lib/helpers.sh

@hook install
function command_fails() {
  set_flag one
  grep -q x /dev/null
  set_flag two
}

@hook start
function helper_fails() {
  help_out
}

@hook stop
function unset_variable() {
  echo "$no_such_variable"
}

@hook update-status
function dies() {
  kill -TERM $BASHPID
}

@hook config-changed
function tool_fails() {
  set_flag ''
}

reactive_handler_main
`,
    })
    const app = (name: string) => `handler reactive/app.sh:${name} failed with status`
    expect(failure(await unit.run({ name: 'install' }))).toEqual(
      one(1, `${app('command_fails')} 1 at reactive/app.sh:9: grep -q x /dev/null`),
    )
    expect(failure(await unit.run({ name: 'start' }))).toEqual(
      one(2, `${app('helper_fails')} 2 at lib/helpers.sh:3: ls /nowhere/at/all 2> /dev/null`),
    )
    const unset = await unit.run({ name: 'stop' })
    expect(failure(unset)).toMatchObject({
      error: [`ERROR ${app('unset_variable')} 1 at reactive/app.sh:20: echo "$no_such_variable"`],
      status: 1,
    })
    expect(unset.stderr).toContain('reactive/app.sh: line 20: no_such_variable: unbound variable')
    expect(failure(await unit.run({ name: 'update-status' }))).toMatchObject({
      status: 143,
      error: [expect.stringMatching(/dies failed with status 143 at reactive\/app\.sh:2[3-5]/)],
    })
    const tool = await unit.run({ name: 'config-changed' })
    expect(failure(tool)).toMatchObject({
      status: 2,
      error: [`ERROR ${app('tool_fails')} 2 at reactive/app.sh:30: set_flag ''`],
    })
    expect(tool.stderr).toContain('charms.reactive: set_flag: a flag needs a name: ""\n')
    expect(flags(unit)).toEqual([])
  })

  some('shows a stack of the engine only where CHARMS_REACTIVE_TRACE asks for it', async () => {
    const unit = await startUnit({ 'reactive/app.sh': bash('@hook install\nf() { exit 3; }') })
    const plain = await unit.run({ name: 'install' })
    expect([errors(plain).length, plain.stderr]).toEqual([1, ''])
    const traced = await unit.run({ name: 'install', env: { CHARMS_REACTIVE_TRACE: 'true' } })
    expect(traced.exitStatus).toBe(3)
    expect(traced.stderr).toMatch(/\n +at /)
  })

  some('leaves the state of before also when the engine is killed', async () => {
    const unit = await startUnit({
      'reactive/app.sh': bash(`
@hook install
function sets() { set_flag lost; kill -KILL $(ps -o ppid= -p $$); sleep 10; }

@hook start
function fine() { set_flag kept; }`),
    })
    const killed = await unit.run({ name: 'install' })
    expect(killed.exitStatus).toBe(137)
    expect(flags(unit)).toEqual([])
    expect(await unit.run({ name: 'start' })).toMatchObject({ exitStatus: 0, stderr: '' })
    expect(flags(unit)).toEqual(['kept'])
  })

  some('goes on in a file without errexit when a function returns non-zero, with a warning', async () => {
    const unit = await startUnit({
      'reactive/app.sh': bash(`
@hook install
function returns() { set_flag one; return 4; }

@hook install
function mistyped() {
  set_flag two
  no-such-command --option
}

@hook install
function in_the_middle() { false; set_flag three; }`),
    })
    const result = await unit.run({ name: 'install' })
    expect(result.exitStatus).toBe(0)
    expect(remarks(result)).toEqual([
      'WARNING reactive/app.sh:returns returned 4 at reactive/app.sh:5: return 4',
      'WARNING reactive/app.sh:mistyped returned 127 at reactive/app.sh:10: no-such-command --option',
    ])
    expect(flags(unit)).toEqual(['one', 'three', 'two'])
  })

  some('is strict where the layer option says so', async () => {
    const unit = await startUnit({
      'layer.yaml': 'options: {reactive: {strict: true}}\n',
      'reactive/app.sh': bash(`
echo "top $-" >>seen
@hook install
function lax() {
  echo "in $-" >>seen
  false | true
  set_flag never
}`),
    })
    expect(failure(await unit.run({ name: 'install' }))).toEqual(
      one(1, 'handler reactive/app.sh:lax failed with status 1 at reactive/app.sh:8: true'),
    )
    expect(lines(unit, 'seen').at(-1)).toMatch(/^in .*e.*u/)
    expect(lines(unit, 'seen')[0]).not.toMatch(/e/)
    upgrade(unit, { 'layer.yaml': 'options: {reactive: {strict: false}}\n' })
    expect((await unit.run({ name: 'install' })).exitStatus).toBe(0)
    expect(flags(unit)).toEqual(['never'])
  })
})

describe('a change that is refused', () => {
  some('fails the hook although set_flag in bash waits for no answer', async () => {
    const unit = await startUnit({
      'reactive/a.mjs': `import { registerTrigger } from 'charms.reactive'
registerTrigger({ when: 'told', callback() { throw new Error('the callback is broken') } })
`,
      'reactive/b.sh': bash('@hook install\nf() { set_flag first; set_flag told; set_flag last; }'),
    })
    const result = await unit.run({ name: 'install' })
    expect(result.exitStatus).not.toBe(0)
    expect(errors(result)).toEqual([expect.stringMatching(/reactive\/b\.sh:f: .*the callback is broken/)])
    expect(flags(unit)).toEqual([])
  })
})
