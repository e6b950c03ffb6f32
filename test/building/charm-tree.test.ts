import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import net from 'node:net'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { readCharmTree } from '../../src/building/charm-tree.ts'
import { leftOutByJuju, leftOutOf } from '../../src/building/left-out.ts'
import { makeCharm, makeDir } from '../test-unit.ts'

function namesIn(charm: string): string[] {
  return readCharmTree(charm, leftOutOf(charm))
    .map(({ path: name, kind }) => (kind === 'directory' ? `${name}/` : name))
    .sort()
}

describe('the files of a charm', () => {
  it('are all but those of development, of version control and of a unit', () => {
    const charm = makeCharm({
      'reactive/app.sh': '#!/bin/bash\n',
      'reactive/app.sh~': '',
      'reactive/.app.sh.swp': '',
      'reactive/tests/kept': '',
      'lib/__pycache__/x.pyc': '',
      'tests/app.bats': '',
      'build/app/metadata.yaml': '',
      'files/build/kept': '',
      '.git/config': '',
      '.gitignore': '',
      '.reactive/shell/charms.reactive': '',
      '.reactive-state.db': '',
      '.reactive-state.db-journal': '',
      '.unit-state.db': '',
      '.juju-persistent-config': '',
      'app_amd64.charm': '',
      version: 'old\n',
      revision: '3\n',
    })
    expect(namesIn(charm)).toEqual([
      'files/build/kept',
      'metadata.yaml',
      'reactive/app.sh',
      'reactive/tests/kept',
    ])
  })

  it('are without what .jujuignore and build.ignore name, in the syntax of .gitignore', () => {
    const charm = makeCharm({
      '.jujuignore': '# a comment\n/docs\n*.md\n!/tests/\n',
      'build.ignore': 'node_modules/\nicon?.svg\n',
      'docs/index': '',
      'README.md': '',
      'Readme.MD': '',
      'tests/app.bats': '',
      'node_modules/x/index.js': '',
      'icon1.svg': '',
    })
    expect(namesIn(charm)).toEqual(['Readme.MD', 'metadata.yaml', 'tests/app.bats'])
  })

  it('cannot bring back what never goes into an archive', () => {
    const charm = makeCharm({ '.jujuignore': '!.reactive\n!.reactive-state.db\n', '.reactive-state.db': '' })
    expect(namesIn(charm)).toEqual(['metadata.yaml'])
  })

  it('keep of their modes whether the owner may execute them', () => {
    const charm = makeCharm({ 'bin/one': '', 'bin/two': '' })
    fs.chmodSync(path.join(charm, 'bin/one'), 0o700)
    fs.chmodSync(path.join(charm, 'bin/two'), 0o666)
    const entries = readCharmTree(charm, leftOutOf(charm))
    expect(entries.map((entry) => [entry.path, entry.kind === 'file' && entry.isExecutable])).toEqual([
      ['bin/one', true],
      ['bin/two', false],
      ['metadata.yaml', false],
    ])
  })

  it('may have names in UTF-8, links inside of the charm, and directories with nothing in them', () => {
    const charm = makeCharm({ 'files/grüße 💾': 'x' })
    fs.mkdirSync(path.join(charm, 'empty'))
    fs.symlinkSync('../files', path.join(charm, 'empty/../files/circle'))
    fs.symlinkSync('nowhere', path.join(charm, 'dangling'))
    expect(namesIn(charm)).toEqual(['dangling', 'empty/', 'files/circle', 'files/grüße 💾', 'metadata.yaml'])
  })

  it('are found behind a link to the charm dir', () => {
    const link = path.join(makeDir(), 'link')
    fs.symlinkSync(makeCharm(), link)
    expect(namesIn(link)).toEqual(['metadata.yaml'])
  })

  it.each([
    ['/etc/passwd', 'a link leads out of the charm: files/link -> /etc/passwd'],
    ['../../x', 'a link leads out of the charm: files/link -> ../../x'],
    ['../files/../../..', 'a link leads out of the charm: files/link -> ../files/../../..'],
  ])('may not be a link to %s', (target, message) => {
    const charm = makeCharm({ 'files/x': '' })
    fs.symlinkSync(target, path.join(charm, 'files/link'))
    expect(() => namesIn(charm)).toThrow(message)
  })

  it('may not be pipes, sockets or devices', async () => {
    const charm = makeCharm()
    execFileSync('mkfifo', [path.join(charm, 'pipe')])
    expect(() => namesIn(charm)).toThrow('Juju does not accept this kind of file: pipe: named pipe')
    fs.rmSync(path.join(charm, 'pipe'))
    const server = net.createServer().listen(path.join(charm, 'socket'))
    await new Promise((resolve) => server.once('listening', resolve))
    expect(() => namesIn(charm)).toThrow('Juju does not accept this kind of file: socket: socket')
    server.close()
  })

  it('may not have names that are no text', () => {
    const charm = makeCharm()
    fs.writeFileSync(Buffer.concat([Buffer.from(`${charm}/`), Buffer.from([0x66, 0xff, 0x0a])]), '')
    expect(() => namesIn(charm)).toThrow('the name of a file is not UTF-8: f\ufffd')
  })
})

describe('what Juju leaves out of a directory by itself', () => {
  it('is what .jujuignore names', () => {
    const isLeftOut = leftOutByJuju(makeCharm({ '.jujuignore': 'dist/\n' }))
    expect([isLeftOut('.reactive/dist/engine.cjs'), isLeftOut('.reactive/shell/set_flag')]).toEqual([
      true,
      false,
    ])
  })
})
