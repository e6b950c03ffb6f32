import { describe, expect } from 'vitest'
import { oneIn } from '../effort.ts'
import { ask, askForFlags, bash, flags, lines, ran, remarks, startUnit } from '../end-to-end/charm.ts'

/** Every run has some of these tests, the full set all. */
const some = oneIn(2)

describe('the functions of a bash file', () => {
  some('do not feel what the one before did to its shell', async () => {
    const unit = await startUnit({
      'reactive/app.sh': bash(`
shared=top
@hook install
function first() {
  cd /
  shared=changed new=value
  export new
  readonly frozen=1
  set -e -u -o pipefail
  shopt -s nullglob
  IFS=,
  trap 'echo trap-of-first >>"$CHARM_DIR/seen"' EXIT
  trap 'echo err-of-first >>"$CHARM_DIR/seen"' ERR
  umask 077
  exec 1>/dev/null
  second() { echo overwritten >>"$CHARM_DIR/seen"; }
  set -- a b c
  exit 0
}

@hook install
function second() {
  echo "$PWD=$CHARM_DIR" | sed "s|$CHARM_DIR|DIR|g" >>seen
  echo "$shared \${new-none} \${frozen-none} $# $-" >>seen
  echo "$(shopt nullglob | cut -f2) \${#IFS} $(umask)" >>seen
  set -o | grep pipefail >>seen
  false
  trap -p EXIT ERR | grep -c first >>seen
  echo to-the-hook
}`),
    })
    const result = await unit.run({ name: 'install' })
    expect(result).toMatchObject({ exitStatus: 0, stderr: '', stdout: 'to-the-hook\n' })
    expect(remarks(result)).toEqual([])
    expect(lines(unit, 'seen')).toEqual([
      'trap-of-first',
      'DIR=DIR',
      expect.stringMatching(/^top none none 0 h?B?E?h?B?$/),
      'off 3 0022',
      expect.stringMatching(/^pipefail\s+off$/),
      '0',
    ])
  })

  some('begin with what the top level of the file made', async () => {
    const unit = await startUnit({
      'reactive/app.sh': `#!/bin/bash
source charms.reactive.sh
set -u
variable='from the top'
declare -A map=([key]=value)
trap 'echo top-trap >>seen' EXIT
helper() { echo "helped $1"; }

@hook install
function uses() {
  echo "$variable \${map[key]} $(helper me) $-" >>seen
}

@hook install
function again() { variable=changed; echo "$variable" >>seen; }

reactive_handler_main
`,
    })
    expect((await unit.run({ name: 'install' })).exitStatus).toBe(0)
    const [first, second] = lines(unit, 'seen').filter((line) => line !== 'top-trap')
    expect(first).toMatch(/^from the top value helped me \w*u/)
    expect(second).toBe('changed')
  })

  some('share one run of the top level per iteration, and no run where none of them runs', async () => {
    const unit = await startUnit({
      'reactive/app.sh': bash(`
echo "top $1" >>seen
@hook install
function a() { set_flag two; }
@hook install
function b() { :; }
@when two
function c() { set_flag three; }
@when two
function d() { :; }
@when three
function e() { :; }`),
    })
    await unit.run({ name: 'install' })
    expect(lines(unit, 'seen')).toEqual(['top --test', 'top --invoke', 'top --invoke', 'top --invoke'])
    await unit.run({ name: 'update-status' })
    expect(lines(unit, 'seen').slice(4)).toEqual(['top --test', 'top --invoke'])
    await unit.command(['charms.reactive', 'clear_flag', 'two'])
    await unit.command(['charms.reactive', 'clear_flag', 'three'])
    await unit.run({ name: 'update-status' })
    expect(lines(unit, 'seen').slice(6)).toEqual(['top --test'])
  })

  some(
    'are handlers of their own, also where two have the same name or another file sources them',
    async () => {
      const unit = await startUnit({
        'lib/common.sh': '@hook install\nfunction common() { echo "common ${BASH_SOURCE[0]##*/}" >>seen; }\n',
        'reactive/app.sh': bash(`
source lib/common.sh
@hook install
function same() { echo first >>seen; }
@hook install
function same() { echo second >>seen; }
@hook install
function same() { echo third >>seen; }`),
        'reactive/b.sh': bash('source lib/common.sh'),
      })
      const result = await unit.run({ name: 'install' })
      expect(ran(result)).toEqual([
        'lib/common.sh:common',
        'reactive/app.sh:same',
        'reactive/app.sh:same#2',
        'reactive/app.sh:same#3',
      ])
      expect(lines(unit, 'seen')).toEqual(['common common.sh', 'first', 'second', 'third'])
    },
  )

  some('run in the background without keeping the hook', async () => {
    const unit = await startUnit({
      'reactive/app.sh': bash(`
@hook install
function background() {
  sleep infinity &
  (set_flag from-job) & wait $!
  printf '%s\\n' a b c | xargs -n1 set_flag
  timeout 5 set_flag from-timeout
  coproc cat
}`),
    })
    const result = await unit.run({ name: 'install' })
    expect(result).toMatchObject({ exitStatus: 0, stderr: '' })
    expect(flags(unit)).toEqual(['a', 'b', 'c', 'from-job', 'from-timeout'])
  })

  some('may read their standard input, which is empty, and write as much as they like', async () => {
    const unit = await startUnit({
      'reactive/app.sh': bash(`
@hook install
function reads() { cat >read; echo "status $?" >>read; }
@hook install
function writes() { head -c 300000 /dev/zero | tr '\\0' x; echo; echo to stderr >&2; }`),
    })
    const result = await unit.run({ name: 'install' })
    expect(result.exitStatus).toBe(0)
    expect(lines(unit, 'read')).toEqual(['status 0'])
    expect(result.stdout).toHaveLength(300_001)
    expect(result.stderr).toBe('to stderr\n')
  })
})

describe('the environment of handlers', () => {
  some(
    'has the toolkit first on PATH and the bin of the charm last, lib on PYTHONPATH, and the hook',
    async () => {
      const unit = await startUnit({
        'bin/own-tool': '#!/bin/sh\necho own\n',
        'bin/set_flag': '#!/bin/sh\necho wrong >>"$CHARM_DIR/seen"\n',
        'lib/charm_library.py': 'answer = 42\n',
        'reactive/app.sh': bash(`
@hook install
function shows() {
  echo "\${PATH%%:*}" >>seen
  echo "\${PATH##*:}" >>seen
  own-tool >>seen
  python3 -c 'import charm_library; print(charm_library.answer)' >>seen
  echo "$JUJU_HOOK_NAME $JUJU_UNIT_NAME $PWD $JUJU_CHARM_DIR" >>seen
  env set_flag x
}`),
        'reactive/python': `#!/usr/bin/env python3
import os, sys, charm_library
with open('seen-by-python', 'a') as seen:
    print(sys.argv[1], charm_library.answer, os.environ['JUJU_HOOK_NAME'], os.getcwd() == os.environ['CHARM_DIR'], file=seen)
sys.exit(1)
`,
      })
      expect((await unit.run({ name: 'install' })).exitStatus).toBe(0)
      const shell = (await unit.command(['bash', '-c', 'dirname "$(command -v set_flag)"'])).stdout.trim()
      expect(lines(unit, 'seen')).toEqual([
        shell,
        `${unit.charmDir}/bin`,
        'own',
        '42',
        `install app/0 ${unit.charmDir} ${unit.charmDir}`,
      ])
      expect(lines(unit, 'seen-by-python')).toEqual(['--test 42 install True', '--test 42 install True'])
      expect(flags(unit)).toEqual(['x'])
    },
  )

  some('names the hook by JUJU_HOOK_NAME, else by JUJU_DISPATCH_PATH, else by the argument', async () => {
    const handler = bash(`
@hook install start config-changed stop
function hooked() { echo "hook $JUJU_HOOK_NAME" >>seen; }
@action install
function acted() { :; }
@when_not never
function always() { echo "name <$JUJU_HOOK_NAME>" >>seen; }`)
    const stub = '#!/bin/bash\nexec charms.reactive main "${0##*/}"\n'
    const unit = await startUnit({
      'actions.yaml': 'install: {description: x}\n',
      'hooks/install': stub,
      'hooks/start': stub,
      'actions/install': stub,
      'reactive/app.sh': handler,
    })
    const run = async (name: string, env: Record<string, string>, action = false) => {
      const before = lines(unit, 'seen').length
      const result = await unit.run(action ? { name, action: { name }, env } : { name, env })
      expect(result).toMatchObject({ exitStatus: 0, skipped: false })
      return lines(unit, 'seen').slice(before)
    }
    expect(await run('install', {})).toEqual(['hook install', 'name <install>'])
    expect(await run('install', { JUJU_HOOK_NAME: '', JUJU_DISPATCH_PATH: 'hooks/config-changed' })).toEqual([
      'hook config-changed',
      'name <config-changed>',
    ])
    expect(await run('start', { JUJU_HOOK_NAME: '', JUJU_DISPATCH_PATH: '' })).toEqual([
      'hook start',
      'name <start>',
    ])
    // An action called install fires no @hook install.
    expect(await run('install', {}, true)).toEqual(['name <>'])
    expect(await run('install', { JUJU_DISPATCH_PATH: '' }, true)).toEqual(['name <>'])
  })

  some('keeps two charms on one machine apart, and an older charms.reactive off the way', async () => {
    const wrong = '#!/bin/sh\necho "wrong $0" >&2\nexit 9\n'
    const charm = {
      dispatch: '#!/bin/sh\nexec "$TOOLKIT/charms.reactive" main\n',
      'reactive/app.sh': bash(`
@hook install
function sets() {
  env charms.reactive set_flag "by-$JUJU_UNIT_NAME"
  xargs set_flag <<<"args-$JUJU_UNIT_NAME"
  type -P charms.reactive set_flag >>seen
}`),
      'reactive/python': `#!/usr/bin/env python3
import subprocess, sys
if sys.argv[1] == '--test': sys.exit(subprocess.call(['is_flag_set', 'python']) == 0)
subprocess.check_call(['charms.reactive', 'set_flag', 'python'])
`,
    }
    const commands = {
      'charms.reactive': wrong,
      'charms.reactive.sh': 'echo wrong library >&2; exit 9\n',
      set_flag: wrong,
      is_flag_set: wrong,
    }
    const one = await startUnit(charm, { commands, state: { unit: 'one/0' } })
    const two = await startUnit(charm, { commands, state: { unit: 'two/0' } })
    const shell = new URL('../../shell', import.meta.url).pathname
    const event = { name: 'install', env: { TOOLKIT: shell } }
    const results = await Promise.all([one.run(event), two.run(event)])
    for (const result of results) expect(result).toMatchObject({ exitStatus: 0, stderr: '' })
    expect(lines(one, 'seen')).toEqual([`${shell}/charms.reactive`, `${shell}/set_flag`])
    const state = async (unit: typeof one) =>
      (await unit.command([`${shell}/charms.reactive`, 'get_flags'])).stdout
    expect(await state(one)).toBe('args-one/0\nby-one/0\npython\n')
    expect(await state(two)).toBe('args-two/0\nby-two/0\npython\n')
  })
})

describe('a command outside of the dispatch', () => {
  some('lands at once, and is neither lost nor overwritten by a dispatch that is running', async () => {
    const unit = await startUnit({
      'reactive/app.sh': bash(`
@hook install
function slow() {
  set_flag inside
  clear_flag both
  touch started
  while [[ ! -e go ]]; do sleep 0.02; done
}`),
    })
    for (const flag of ['both', 'cleared-outside']) await ask(unit, 'set_flag', flag)
    const running = unit.run({ name: 'install' })
    await expect.poll(() => unit.command(['test', '-e', 'started']).then((r) => r.exitStatus)).toBe(0)
    await ask(unit, 'set_flag', 'outside')
    await unit.command(['charms.reactive', 'clear_flag', 'cleared-outside'])
    expect(await askForFlags(unit)).toEqual(['both', 'outside'])
    await unit.command(['touch', 'go'])
    expect(await running).toMatchObject({ exitStatus: 0 })
    expect(await askForFlags(unit)).toEqual(['inside', 'outside'])
  })

  some('registers triggers for the next dispatch only', async () => {
    const unit = await startUnit({
      'reactive/app.sh': bash(
        '@hook start stop\nfunction sets() { set_flag a; }\n@hook stop\nfunction clears() { clear_flag a; }',
      ),
    })
    const trigger = ['charms.reactive', 'register_trigger', '--when', 'a', '--set_flag', 'b']
    for (let i = 0; i < 2; i++)
      expect(await unit.command(trigger)).toMatchObject({ exitStatus: 0, stdout: '' })
    const reverse = ['charms.reactive', 'register_trigger', '--when_not', 'a', '--set_flag', 'c']
    await unit.command(reverse)
    await unit.run({ name: 'stop' })
    expect(flags(unit)).toEqual(['b', 'c'])
    await unit.command(['charms.reactive', 'clear_flag', 'b'])
    await unit.command(['charms.reactive', 'clear_flag', 'c'])
    await unit.run({ name: 'stop' })
    expect(flags(unit)).toEqual([])
  })
})
