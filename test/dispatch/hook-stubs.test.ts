import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { STUB_MARKER } from '../../src/dispatch/charm-script.ts'
import { hookNames, installHooks, isOldStub } from '../../src/dispatch/hook-stubs.ts'
import { makeCharm, makeDir, run, runCli, SHELL, writeFiles } from '../test-unit.ts'

const METADATA = `
name: app
provides: {website: http}
requires: {db: {interface: mysql}}
peers: {cluster: {interface: app}}
storage:
  data: {type: filesystem}
`
const ORIGINAL = `#!/usr/bin/env python3

# Modules of the charm
import sys
sys.path.append('lib')

from charms.layer import basic  # noqa
basic.bootstrap_charm_deps()

from charms.reactive import main  # noqa
main()
`
const BASE = [
  'config-changed',
  'install',
  'leader-elected',
  'leader-settings-changed',
  'start',
  'stop',
  'upgrade-charm',
  'update-status',
  'pre-series-upgrade',
  'post-series-upgrade',
]

function read(charm: string, name: string): string {
  return fs.readFileSync(path.join(charm, name), 'utf8')
}

describe('the entries of a charm', () => {
  it('are the hooks of every charm, and those of its relations and storages', () => {
    const steps = (name: string) =>
      ['created', 'joined', 'changed', 'departed', 'broken'].map((step) => `${name}-relation-${step}`)
    expect(hookNames(makeCharm({ 'metadata.yaml': METADATA }))).toEqual([
      ...BASE,
      ...steps('website'),
      ...steps('db'),
      ...steps('cluster'),
      'data-storage-attached',
      'data-storage-detaching',
    ])
    expect(hookNames(makeCharm({ 'metadata.yaml': 'name: app\n' }))).toEqual(BASE)
  })

  it('are those of restricted hooks only where a handler file names them', () => {
    const names = (file: string, text: string) =>
      hookNames(makeCharm({ 'metadata.yaml': 'name: app\n', [file]: text })).slice(BASE.length)
    expect(names('reactive/app.sh', '@collect_metrics\nf() { :; }\n')).toEqual(['collect-metrics'])
    expect(names('hooks/relations/x/a.mjs', 'meterStatusChanged(function f() {})')).toEqual([
      'meter-status-changed',
    ])
    expect(names('README.md', '@collect_metrics')).toEqual([])
  })

  it('cannot have a name that is no name of a file', () => {
    const charm = makeCharm({ 'metadata.yaml': 'name: app\nrequires: {"../../x": mysql}\n' })
    expect(() => installHooks(charm, SHELL)).toThrow('no hook or action can have such a name: ../../x')
    expect(fs.existsSync(path.join(charm, 'dispatch'))).toBe(false)
  })
})

describe('hooks install', () => {
  it('writes executable stubs that call this installation, and reports them', async () => {
    const charm = makeCharm({ 'metadata.yaml': 'name: app\nstorage: {data: {type: block}}\n' })
    const hooks = [...BASE, 'data-storage-attached', 'data-storage-detaching'].map((name) => `hooks/${name}`)
    expect(await runCli(charm, ['hooks', 'install'])).toEqual({
      status: 0,
      stdout: ['dispatch', ...hooks].map((name) => `wrote ${name}\n`).join(''),
      stderr: '',
    })
    const program = `'${SHELL}/charms.reactive'`
    const carried = (up: string, dir = '') => `"\${0%/*}/${up}${dir}.reactive/shell/charms.reactive"`
    const stub = (up: string, words: string) =>
      `#!/bin/sh\n${STUB_MARKER}\ntoolkit=${carried(up)}\n[ -e "$toolkit" ] || toolkit=${carried(up, 'hooks/')}\n[ ! -e "$toolkit" ] || exec bash "$toolkit" ${words}\nexec ${program} ${words}\n`
    expect(read(charm, 'dispatch')).toBe(stub('', 'main'))
    expect(read(charm, 'hooks/install')).toBe(stub('../', 'main "${0##*/}"'))
    expect(fs.readdirSync(path.join(charm, 'hooks')).sort()).toEqual(
      hooks.map((name) => name.slice('hooks/'.length)).sort(),
    )
    for (const name of ['dispatch', ...hooks]) {
      expect(fs.statSync(path.join(charm, name)).mode & 0o777, name).toBe(0o755)
    }
  })

  it('changes nothing the second time, and repairs what is out of date', async () => {
    const charm = makeCharm()
    const first = installHooks(charm, SHELL)
    expect(first).toMatchObject({ unchanged: [], kept: [], removed: [] })
    const before = fs.statSync(path.join(charm, 'dispatch'))
    expect(installHooks(charm, SHELL)).toEqual({
      written: [],
      unchanged: first.written,
      kept: [],
      removed: [],
    })
    expect(fs.statSync(path.join(charm, 'dispatch')).ino).toBe(before.ino)
    fs.chmodSync(path.join(charm, 'hooks/start'), 0o644)
    fs.writeFileSync(path.join(charm, 'hooks/stop'), `#!/bin/sh\n${STUB_MARKER}\nexec /gone main\n`)
    expect(installHooks(charm, SHELL).written).toEqual(['hooks/start', 'hooks/stop'])
    expect(read(charm, 'hooks/stop')).toContain(SHELL)
  })

  it('keeps what the charm brought itself, links too, and removes only stubs of its own', async () => {
    const charm = makeCharm({
      dispatch: '#!/bin/sh\nexec ./own\n',
      'hooks/install': '#!/bin/sh\necho mine\n',
      'hooks/gone-relation-joined': `#!/bin/sh\n${STUB_MARKER}\n`,
      'hooks/other': '#!/bin/sh\n',
      'hooks/start': '',
    })
    fs.symlinkSync('nowhere', path.join(charm, 'hooks/stop'))
    fs.symlinkSync('install', path.join(charm, 'hooks/upgrade-charm'))
    // Only a stub itself is ours to remove, and not a link of the charm to one.
    writeFiles(charm, { 'lib/stub': `#!/bin/sh\n${STUB_MARKER}\n` })
    fs.symlinkSync('../lib/stub', path.join(charm, 'hooks/linked'))
    const { kept, removed } = installHooks(charm, SHELL)
    expect(kept).toEqual(['dispatch', 'hooks/install', 'hooks/start', 'hooks/stop', 'hooks/upgrade-charm'])
    expect(removed).toEqual(['hooks/gone-relation-joined'])
    expect(read(charm, 'dispatch')).toBe('#!/bin/sh\nexec ./own\n')
    expect(read(charm, 'hooks/install')).toBe('#!/bin/sh\necho mine\n')
    expect(fs.readlinkSync(path.join(charm, 'hooks/stop'))).toBe('nowhere')
    expect(fs.existsSync(path.join(charm, 'hooks/other'))).toBe(true)
  })

  it('takes for a stub what is one where a hook, an action or dispatch could be, and nowhere else', () => {
    const stub = `#!/bin/sh\n${STUB_MARKER}\n`
    const charm = makeCharm({
      dispatch: stub,
      'hooks/own': '#!/bin/sh\n',
      'lib/a': stub,
      'hooks/start': ORIGINAL,
    })
    const files = ['dispatch', 'hooks/start', 'hooks/own', 'lib/a', 'hooks/none']
    expect(files.map((file) => isOldStub(charm, file))).toEqual([true, true, false, false, false])
  })

  it('writes entries for the actions that handler files have handlers for, and takes them away again', () => {
    const actions = 'back-up: {}\nrestore: {}\nbackup: {}\nquiet: {}\nown: {}\nlist.all: {}\n'
    const charm = makeCharm({
      'actions.yaml': actions,
      'reactive/app.sh':
        "@action back-up 'restore'\nf() { :; }\n# action quiet\n@when quiet\ng() { :; }\n@action own\n",
      'reactive/app.mjs': "action('list.all', function list() {})\n",
      'actions/own': '#!/bin/sh\n',
    })
    const installed = installHooks(charm, SHELL)
    expect(installed.written.filter((name) => name.startsWith('actions/'))).toEqual([
      'actions/back-up',
      'actions/restore',
      'actions/list.all',
    ])
    expect(installed.kept).toEqual(['actions/own'])
    expect(read(charm, 'actions/restore')).toBe(read(charm, 'hooks/install'))
    writeFiles(charm, { 'reactive/app.sh': '@action restore\n' })
    expect(installHooks(charm, SHELL)).toMatchObject({ written: [], removed: ['actions/back-up'] })
  })

  it('replaces the stubs of the Python original, also behind links', () => {
    const charm = makeCharm({ 'hooks/hook.template': ORIGINAL, 'hooks/install': ORIGINAL })
    fs.symlinkSync('hook.template', path.join(charm, 'hooks/start'))
    const installed = installHooks(charm, SHELL)
    expect(installed).toMatchObject({ kept: [], removed: [] })
    expect(read(charm, 'hooks/install')).toContain(STUB_MARKER)
    expect(read(charm, 'hooks/start')).toContain(STUB_MARKER)
    expect(read(charm, 'hooks/hook.template')).toBe(ORIGINAL)
  })

  it('works from anywhere with --charm-dir', async () => {
    const charm = makeCharm()
    const env = { PATH: process.env.PATH ?? '' }
    const { status, stdout } = await run(
      path.join(SHELL, 'charms.reactive'),
      ['hooks', 'install', '--charm-dir', path.basename(charm), '-j'],
      { cwd: path.dirname(charm), env },
    )
    expect(status).toBe(0)
    expect(JSON.parse(stdout).written).toContain('hooks/db-relation-departed')
    expect(fs.existsSync(path.join(charm, '.reactive-state.db'))).toBe(false)
  })

  it('says in one line what cannot be written', async () => {
    const charm = makeCharm({ hooks: 'a file' })
    const { status, stderr } = await runCli(charm, ['hooks', 'install'])
    expect(status).toBe(3)
    expect(stderr).toMatch(
      /^charms\.reactive: hooks: a stub cannot be written: hooks\/config-changed: E\w+: .*\n$/,
    )
  })

  it('quotes the path of the toolkit, and follows a toolkit that is inside the charm', async () => {
    const print = '#!/bin/sh\nprintf "%s\\n" "$0" "$@"\n'
    const odd = path.join(makeDir(), `it's "a" $(dir)`)
    writeFiles(odd, { 'charms.reactive': print })
    const charm = makeCharm()
    installHooks(charm, odd)
    const hook = await run(path.join(charm, 'hooks/install'), [], { env: {} })
    expect(hook).toEqual({ status: 0, stdout: `${odd}/charms.reactive\nmain\ninstall\n`, stderr: '' })

    const packed = makeCharm({ 'lib/toolkit/shell/charms.reactive': print })
    installHooks(packed, path.join(packed, 'lib/toolkit/shell'))
    const moved = path.join(makeDir(), 'charm')
    fs.cpSync(packed, moved, { recursive: true })
    fs.rmSync(packed, { recursive: true })
    const words = async (name: string) => (await run(path.join(moved, name), [], { env: {} })).stdout
    expect(await words('hooks/install')).toBe(
      `${moved}/hooks/../lib/toolkit/shell/charms.reactive\nmain\ninstall\n`,
    )
    expect(await words('dispatch')).toBe(`${moved}/lib/toolkit/shell/charms.reactive\nmain\n`)
  })
})
