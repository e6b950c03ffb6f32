// What `pack` writes, read by Juju's own library, made twice from clones that have nothing in common but the commit,
// and made of a charm with a file of two gigabytes.

import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { packWith, ROOT } from '../building/pack-with.ts'
import { figure, inFull } from '../effort.ts'
import { makeCharm, makeDir } from '../test-unit.ts'
import { cloneToolkit } from './toolkits.ts'

const READER = path.join(import.meta.dirname, 'juju-reader')
const GO_PATH = `${process.env.PATH}:/usr/local/go/bin:/usr/lib/go/bin`

/** Juju's reader; undefined where there is no Go, or no proxy for its modules. */
function buildReader(): string | undefined {
  const program = path.join(makeDir(), 'juju-reader')
  const env = { ...process.env, PATH: GO_PATH }
  const { status } = spawnSync('go', ['build', '-o', program, '.'], { cwd: READER, env, stdio: 'ignore' })
  return status === 0 ? program : undefined
}

const hashOf = (file: string) => createHash('sha256').update(fs.readFileSync(file)).digest('hex')

inFull("Juju's own library", () => {
  it('reads and unpacks a packed charm', { timeout: 900_000 }, (context) => {
    const reader = buildReader()
    if (reader === undefined) return context.skip('there is no Go, or no proxy for its modules')
    const dir = makeDir()
    const archive = path.join(dir, 'x.charm')
    packWith(ROOT, path.join(ROOT, 'examples/guestbook'), archive)
    const start = performance.now()
    const read = JSON.parse(execFileSync(reader, [archive, path.join(dir, 'out')], { encoding: 'utf8' }))
    figure("time to unpack with Juju's library, ms", Math.round(performance.now() - start))
    figure('size of the archive, bytes', fs.statSync(archive).size)
    expect(read).toMatchObject({
      name: 'guestbook',
      format: 2,
      bases: [`ubuntu@22.04/stable on ${archOf()}`, `ubuntu@24.04/stable on ${archOf()}`],
      actions: ['backup'],
      version: execFileSync('git', ['-C', ROOT, 'describe', '--dirty', '--always'], {
        encoding: 'utf8',
      }).trim(),
    })
    const out = (name: string) => fs.statSync(path.join(dir, 'out', name))
    for (const name of [
      'dispatch',
      'hooks/install',
      'actions/backup',
      'reactive/guestbook.sh',
      '.reactive/shell/set_flag',
    ])
      expect([name, out(name).mode & 0o777]).toEqual([name, 0o755])
    expect(out('metadata.yaml').mode & 0o777).toBe(0o644)
    execFileSync('sha256sum', ['--check', '--quiet', '--strict', 'checksums'], {
      cwd: path.join(dir, 'out/.reactive'),
    })
  })

  it('takes what was a charm of series', { timeout: 900_000 }, (context) => {
    const reader = buildReader()
    if (reader === undefined) return context.skip('there is no Go, or no proxy for its modules')
    const charm = makeCharm({
      'metadata.yaml':
        'name: old\nsummary: x\ndescription: x\nseries: [jammy, focal]\nmin-juju-version: 2.9.0\n',
      'files/grüße': 'x',
    })
    fs.symlinkSync('grüße', path.join(charm, 'files/link'))
    const dir = makeDir()
    const archive = path.join(dir, 'x.charm')
    packWith(ROOT, charm, archive)
    const read = JSON.parse(execFileSync(reader, [archive, path.join(dir, 'out')], { encoding: 'utf8' }))
    expect([read.name, read.format, read.bases]).toEqual(['old', 2, [`ubuntu@22.04/stable on ${archOf()}`]])
    expect(JSON.stringify(read.assumes)).toContain('juju \\u003e= 2.9.0'.replace('\\u003e', '>'))
    expect(fs.readlinkSync(path.join(dir, 'out/files/link'))).toBe('grüße')
  })
})

inFull('pack', () => {
  it('makes the same bytes from two clones, each built anew', { timeout: 900_000 }, () => {
    const dir = makeDir()
    const hashes = [0o022, 0o077].map((umask, index) => {
      const toolkit = cloneToolkit(path.join(dir, `clone-${index}`), { umask })
      const archive = path.join(dir, `${index}.charm`)
      packWith(toolkit, path.join(toolkit, 'examples/guestbook'), archive)
      return hashOf(archive)
    })
    expect(hashes[1]).toBe(hashes[0])
  })

  it('survives a file of two gigabytes, whose holes are nothing', { timeout: 900_000 }, () => {
    const charm = makeCharm({ big: '' })
    fs.truncateSync(path.join(charm, 'big'), 2 ** 31 + 5)
    const archive = path.join(makeDir(), 'x.charm')
    const start = performance.now()
    packWith(ROOT, charm, archive)
    figure('time to pack a file of two gigabytes, ms', Math.round(performance.now() - start))
    const size = 'import sys, zipfile; print(zipfile.ZipFile(sys.argv[1]).getinfo("big").file_size)'
    expect(execFileSync('python3', ['-c', size, archive], { encoding: 'utf8' })).toBe(`${2 ** 31 + 5}\n`)
    expect(fs.statSync(archive).size).toBeLessThan(60_000_000)
  })
})

function archOf(): string {
  return process.arch === 'x64' ? 'amd64' : process.arch
}
