import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { installCarried } from '../../src/building/carry.ts'
import { makeCharm, makeDir, SHELL } from '../test-unit.ts'
import { fakeRuntime } from './fake-runtime.ts'

let runtime: Buffer
beforeAll(() => {
  runtime = fakeRuntime()
})

function smallRuntime(): string {
  const node = path.join(makeDir(), 'node')
  fs.writeFileSync(node, runtime, { mode: 0o755 })
  return node
}

const carried = (charm: string) =>
  fs.readdirSync(path.join(charm, '.reactive'), { recursive: true, encoding: 'utf8' })

describe('a charm dir that carries the toolkit', () => {
  it('gets it with stubs, in place of what was there', () => {
    const charm = makeCharm({ '.reactive/old': 'x' })
    const { written } = installCarried(charm, smallRuntime())
    expect(written.slice(0, 2)).toEqual(['.reactive/', 'dispatch'])
    const files = carried(charm)
    expect(files).not.toContain('old')
    expect(files).toEqual(expect.arrayContaining(['checksums', 'shell/charms.reactive', 'dist/engine.cjs']))
    expect(fs.readFileSync(path.join(charm, 'dispatch'), 'utf8')).not.toContain(SHELL)
    execFileSync('sha256sum', ['--check', '--quiet', 'checksums'], { cwd: path.join(charm, '.reactive') })
    expect(fs.readdirSync(charm).filter((name) => name.startsWith('.reactive'))).toEqual(['.reactive'])
    const modes = ['shell/charms.reactive', 'checksums'].map(
      (name) => fs.statSync(path.join(charm, '.reactive', name)).mode & 0o777,
    )
    expect(modes).toEqual([0o755, 0o644])
  })

  it('gets the part for Python where it has Python', () => {
    const [bash, python] = [makeCharm({ 'reactive/a.sh': '' }), makeCharm({ 'reactive/a.py': '' })]
    const node = smallRuntime()
    for (const charm of [bash, python]) installCarried(charm, node)
    const hasPython = (charm: string) => carried(charm).includes('python/charms/reactive/__init__.py')
    expect([bash, python].map(hasPython)).toEqual([false, true])
  })

  it('is refused where Juju would leave a part of it out, and stays as it was', () => {
    const charm = makeCharm({ '.jujuignore': 'dist/\n', '.reactive/old': 'x' })
    expect(() => installCarried(charm, smallRuntime())).toThrow(
      /^Juju would leave out a file of the toolkit because of \.jujuignore: \.reactive\/dist\/[a-z-]+\.cjs$/,
    )
    expect(carried(charm)).toEqual(['old'])
  })
})
