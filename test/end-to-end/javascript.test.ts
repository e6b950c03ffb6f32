import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { ask, bash, compile, flags, given, lines, ran, remarks, startUnit, traces } from './charm.ts'

describe('JavaScript handlers in a charm without node_modules', () => {
  it('get the toolkit by import, by dynamic import and by require, and share one engine', async () => {
    const unit = await startUnit({
      'reactive/a.mjs': `import { hook, setFlag } from 'charms.reactive'
import * as reactive from 'charms.reactive'
import { helped } from '../lib/helper.mjs'
hook('install', function byImport() {
  setFlag('by-import')
  if (reactive.setFlag !== setFlag || !helped()) throw new Error('two engines')
})
`,
      'lib/helper.mjs':
        "import { isFlagSet } from 'charms.reactive'\nexport const helped = () => isFlagSet('by-import')\n",
      'reactive/b.cjs': `const { hook } = require('charms.reactive')
hook('install', async function byDynamicImport() {
  const { setFlag } = await import('charms.reactive')
  if (setFlag !== require('charms.reactive').setFlag) throw new Error('two engines')
  setFlag('by-dynamic-import')
})
`,
      'reactive/c.cjs': `const { hook, setFlag, isFlagSet } = require('charms.reactive')
hook('install', function byRequire() { if (isFlagSet('by-import')) setFlag('by-require') })
`,
      'reactive/d.js': `const { hook, setFlag } = require('charms.reactive')
hook('install', function plainJs() { setFlag('by-js') })
`,
      'package.json': '{}',
      'reactive/d2.js': `import { hook, setFlag } from 'charms.reactive'
hook('install', function moduleJs() { setFlag('by-module-js') })
`,
      'reactive/e.sh': bash('@when by-import by-js\nfunction bash_sees() { set_flag bash-sees; }'),
      'reactive/f.mjs': `import { when, setFlag } from 'charms.reactive'
when('bash-sees', () => setFlag('nameless'))
`,
    })
    expect(fs.existsSync(path.join(unit.charmDir, 'node_modules'))).toBe(false)
    const result = await unit.run({ name: 'install' })
    expect(remarks(result)).toEqual([])
    expect(result).toMatchObject({ exitStatus: 0, stderr: '', stdout: '' })
    expect(ran(result)).toEqual([
      'reactive/a.mjs:byImport',
      'reactive/b.cjs:byDynamicImport',
      'reactive/c.cjs:byRequire',
      'reactive/d.js:plainJs',
      'reactive/d2.js:moduleJs',
      'reactive/e.sh:bash_sees',
      'reactive/f.mjs:line-2',
    ])
    expect(flags(unit)).toEqual([
      'bash-sees',
      'by-dynamic-import',
      'by-import',
      'by-js',
      'by-module-js',
      'by-require',
      'nameless',
    ])
  })

  it('may be async: the next handler waits for them', async () => {
    const unit = await startUnit({
      'reactive/a.mjs': `import fs from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { hook, setFlag, statusSet, checkpoint } from 'charms.reactive'
hook('install', async function slow() {
  await setTimeout(50)
  await statusSet('maintenance', 'slow')
  setFlag('slow')
  fs.appendFileSync('seen', 'slow\\n')
})
hook('install', async () => fs.appendFileSync('seen', 'next\\n'))
hook('stop', async function rejects() {
  setFlag('lost')
  await checkpoint()
  setFlag('really-lost')
  await setTimeout(1)
  throw new TypeError('not today')
})
`,
    })
    const result = await unit.run({ name: 'install' })
    expect(result.exitStatus).toBe(0)
    expect(lines(unit, 'seen')).toEqual(['slow', 'next'])
    expect(result.statusHistory).toMatchObject([{ status: 'maintenance', message: 'slow' }])
    const failed = await unit.run({ name: 'stop' })
    expect(failed.exitStatus).toBe(1)
    expect(remarks(failed)).toEqual([
      'ERROR handler reactive/a.mjs:rejects failed with status 1 at reactive/a.mjs:16: not today',
    ])
    expect(flags(unit)).toEqual(['lost', 'slow'])
  })

  it('that leave something running neither keep the hook nor change how it ended', async () => {
    const unit = await startUnit({
      'reactive/a.mjs': `import { hook, setFlag } from 'charms.reactive'
hook('install', () => {
  setFlag('installed')
  setInterval(() => undefined, 1000)
  process.on('beforeExit', () => process.exit(4))
  const until = Date.now() + 10_000
  const late = () => (process.exitCode === 0 && Date.now() < until ? fail() : setTimeout(late, 1))
  const fail = () => {
    setTimeout(() => process.exit(5), 20)
    Promise.reject(new Error('nobody awaits this'))
    throw new Error('too late')
  }
  late()
})
`,
    })
    const { exitStatus, stderr } = await unit.run({ name: 'install' })
    expect([exitStatus, stderr, flags(unit)]).toEqual([0, '', expect.arrayContaining(['installed'])])
  })

  it('have the whole of the API', async () => {
    const unit = await startUnit({
      'config.yaml': 'options: {port: {type: int, default: 80, description: x}}\n',
      'layer.yaml': 'options: {app: {name: here}}\n',
      'templates/t.j2': '{{ name }} {{ list[1] }}\n',
      'reactive/a.mjs': `import * as r from 'charms.reactive'
import assert from 'node:assert/strict'
r.registerTrigger({ when: 'a', setFlag: 'b' })
r.registerTrigger({ when: 'b', callback: () => r.setFlag('called-back') })
r.hook('{install,start}', function everything() {
  r.toggleFlag('a', true)
  assert.deepEqual(r.getFlags().filter((flag) => !flag.startsWith('config')), ['a', 'b', 'called-back'])
  assert(r.allFlagsSet('a', 'b') && !r.anyFlagsSet('c', 'd'))
  assert.deepEqual(r.getUnsetFlags('c', 'a'), ['c'])
  assert.equal(r.config('port'), 80)
  assert(r.anyHook('install') && !r.anyHook('stop'))
  assert(r.dataChanged('id', { x: [1] }) && !r.isDataChanged('id', { x: [1] }))
  r.kv.set('key', { deep: [true, null] })
  assert.deepEqual({ ...r.kv.range('k') }, { key: { deep: [true, null] } })
  r.markInvoked('mine')
  assert(r.wasInvoked('mine'))
  assert(r.anyFileChanged(['metadata.yaml']) && !r.anyFileChanged(['metadata.yaml']))
  r.renderTemplate('t.j2', '/etc/t', { name: 'x', list: [1, 2] })
  r.log('said', 'WARNING')
  assert.throws(() => r.setFlag('\\n'), r.UsageError)
  assert.throws(() => r.when('', () => {}), r.UsageError)
})
`,
    })
    const result = await unit.run({ name: 'install' })
    expect(remarks(result)).toEqual(['WARNING said'])
    expect(result.exitStatus).toBe(0)
    expect(fs.readFileSync(path.join(unit.root, 'etc/t'), 'utf8')).toBe('x 2')
    expect(JSON.parse(await ask(unit, 'kv', 'get', 'key'))).toEqual({ deep: [true, null] })
  })
})

describe('handlers in any language', () => {
  const languages = {
    python: `#!/usr/bin/env python3
import subprocess, sys
ask = lambda *words: subprocess.run(words, capture_output=True, text=True)
if sys.argv[1] == '--test':
    print('go python')
    sys.exit(ask('is_flag_set', 'start').returncode or not ask('is_flag_set', 'python').returncode)
assert sys.argv[2] == 'go python'
assert ask('charms.reactive', 'set_flag', "python").returncode == 0
assert ask('charms.reactive', 'get_flags').stdout.split() == ['python', 'start'], ask('get_flags').stdout
assert ask('set_flag', '').stderr == 'charms.reactive: set_flag: a flag needs a name: ""\\n'
assert ask('layer_option', 'app', 'name').stdout == 'here\\n'
`,
    perl: `#!/usr/bin/perl
use strict; use warnings;
if ($ARGV[0] eq '--test') { exit(system('all_flags_set', 'start', 'python') || !system('is_flag_set', 'perl') ? 1 : 0) }
die unless $ARGV[1] eq '';
system('set_flag', 'perl') == 0 or die;
my @flags = \`charms.reactive get_flags --format json\`;
die "@flags" unless $flags[0] =~ /"perl"/;
`,
    ruby: `#!/usr/bin/env ruby
if ARGV[0] == '--test'
  exit(system('is_flag_set', 'perl') && !system('is_flag_set', 'ruby'))
end
system('set_flag', 'ruby') or abort
`,
    c: compile(`#include <stdio.h>
#include <stdlib.h>
#include <string.h>
int main(int count, char **words) {
  char line[100];
  FILE *flags;
  if (strcmp(words[1], "--test") == 0) {
    printf("c line");
    return system("is_flag_set ruby") != 0 || system("is_flag_set c") == 0;
  }
  if (count != 3 || strcmp(words[2], "c line") != 0 || system("set_flag c") != 0) return 9;
  flags = popen("get_flags", "r");
  return fgets(line, sizeof line, flags) == NULL || strcmp(line, "c\\n") != 0;
}`),
  }

  it('test, run and call the commands as those in bash do', async () => {
    const unit = await startUnit({
      'layer.yaml': 'options: {app: {name: here}}\ndefines: {name: {type: string}}\n',
      'reactive/4-python.ext': languages.python,
      'reactive/3-perl.pl': languages.perl,
      'reactive/2-ruby.rb': languages.ruby,
      'reactive/1-c': languages.c,
    })
    given(unit, 'start')
    const result = await unit.run({ name: 'update-status' })
    expect(result).toMatchObject({ exitStatus: 0, stderr: '', stdout: '' })
    expect(remarks(result)).toEqual([])
    expect(ran(result)).toEqual([
      'reactive/4-python.ext',
      'reactive/3-perl.pl',
      'reactive/2-ruby.rb',
      'reactive/1-c',
    ])
    expect(flags(unit)).toEqual(['c', 'perl', 'python', 'ruby', 'start'])
    const [record] = await traces(unit)
    const runs = record?.iterations.flatMap((iteration) => iteration.ran)
    expect(runs?.map(({ handler, changes }) => [handler, changes])).toEqual(
      ['4-python.ext', '3-perl.pl', '2-ruby.rb', '1-c'].map((name) => [
        `reactive/${name}`,
        [{ flag: name.replace(/^\d-(\w+).*/, '$1'), set: true }],
      ]),
    )
  })
})

describe('the trace', () => {
  it('keeps dispatches, also failed ones, and prints them for people', async () => {
    const unit = await startUnit({
      'reactive/app.sh': bash(
        '@hook update-status\nfunction fine() { :; }\n@hook stop\nfunction bad() { exit 2; }',
      ),
    })
    await unit.run({ name: 'update-status' })
    await unit.run({ name: 'stop' })
    expect((await traces(unit, 50)).map(({ event, status }) => [event, status])).toEqual([
      ['update-status', 0],
      ['stop', 2],
    ])
    const text = await ask(unit, 'trace', '--last', '2')
    const HOOK_TOOLS = expect.stringMatching(/^ {2}hook tools: 3 calls in 1 round: /)
    expect(
      text.split('\n').map((line) => line.replace(/\d[\d.]* ms/, 'N ms').replace(/^\S+Z/, 'TIME')),
    ).toEqual([
      'TIME app/0 update-status: status 0, N ms',
      HOOK_TOOLS,
      '  hooks 0',
      '    match reactive/app.sh:fine: @hook update-status yes',
      '    no    reactive/app.sh:bad: @hook stop no',
      '    ran   reactive/app.sh:fine, N ms',
      '  other 0',
      '',
      'TIME app/0 stop: status 2, N ms',
      '  failed: handler reactive/app.sh:bad failed with status 2 at reactive/app.sh:6: exit 2',
      HOOK_TOOLS,
      '  hooks 0',
      '    no    reactive/app.sh:fine: @hook update-status no',
      '    match reactive/app.sh:bad: @hook stop yes',
      expect.stringMatching(/^ {4}ran {3}reactive\/app\.sh:bad, N ms: handler reactive\/app\.sh:bad failed/),
      '',
    ])
  })
})

describe('what a JavaScript handler starts', () => {
  const CHILDREN = `import { execFile, execFileSync, spawnSync } from 'node:child_process'
import { promisify } from 'node:util'
import { hook, isFlagSet, setFlag } from 'charms.reactive'
hook('install', async function children() {
  await promisify(execFile)('set_flag', ['from-child'])
  if (!isFlagSet('from-child')) throw new Error('the child is not part of the dispatch')
  const { status, stderr } = spawnSync('set_flag', ['blocked'], { encoding: 'utf8', env: { ...process.env } })
  console.log(status, stderr.trim())
  try {
    execFileSync('is_flag_set', ['from-child'], { stdio: 'pipe' })
  } catch (error) {
    console.log(error.status)
  }
  console.log(process.env.JUJU_HOOK_NAME, execFileSync('echo', ['works'], { encoding: 'utf8' }).trim())
  if (isFlagSet('fail')) throw new Error('on purpose')
})
`

  it('belongs to the dispatch, but for children that it waits for synchronously: those are told so', async () => {
    const unit = await startUnit({ 'reactive/a.mjs': CHILDREN })
    const result = await unit.run({ name: 'install' })
    expect(result).toMatchObject({ exitStatus: 0, stderr: '' })
    expect(result.stdout).toBe(
      '3 charms.reactive: no dispatch answers at the channel: none, since a handler in JavaScript waits synchronously\n' +
        '3\ninstall works\n',
    )
    expect(flags(unit)).toEqual(['from-child'])
  })

  it('is rolled back with the hook', async () => {
    const unit = await startUnit({ 'reactive/a.mjs': CHILDREN })
    given(unit, 'fail')
    expect((await unit.run({ name: 'install' })).exitStatus).toBe(1)
    expect(flags(unit)).toEqual(['fail'])
  })
})
