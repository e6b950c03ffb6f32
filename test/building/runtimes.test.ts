import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { ownArchitecture } from '../../src/building/architectures.ts'
import { namedRuntime, pinnedRuntime } from '../../src/building/runtimes.ts'
import { makeDir } from '../test-unit.ts'
import { fakeRuntime } from './fake-runtime.ts'

describe('the pinned runtime', () => {
  it('is the one that the tests run on, with its license', () => {
    const { runtime, license } = pinnedRuntime(ownArchitecture())
    expect(`v${runtime.version}`).toBe(process.version)
    expect(runtime.architecture).toBe(ownArchitecture())
    expect(fs.readFileSync(license, 'utf8')).toContain('Node.js')
  })

  it('is in npm for some architectures only', () => {
    expect(() => pinnedRuntime('s390x')).toThrow(
      'npm has no Node.js for s390x: name a binary with --node FILE',
    )
  })
})

describe('a runtime that the caller names', () => {
  const dir = () => {
    const made = makeDir()
    fs.mkdirSync(path.join(made, 'bin'))
    const node = path.join(made, 'bin/node')
    fs.writeFileSync(node, fakeRuntime('24.3.2'), { mode: 0o755 })
    return { made, node }
  }

  it('is for the architecture of its header', () => {
    const { node } = dir()
    const other = ownArchitecture() === 'amd64' ? 'arm64' : 'amd64'
    expect(namedRuntime(node, ownArchitecture()).runtime.version).toBe('24.3.2')
    expect(() => namedRuntime(node, other)).toThrow(
      `the runtime is for ${ownArchitecture()}, not for ${other}: ${node}`,
    )
  })

  it('has the license that stands beside it, else that of the pinned one', () => {
    const { made, node } = dir()
    expect(namedRuntime(node, undefined).license).toBe(pinnedRuntime(ownArchitecture()).license)
    fs.writeFileSync(path.join(made, 'LICENSE'), 'text')
    expect(namedRuntime(node, undefined).license).toBe(fs.realpathSync(path.join(made, 'LICENSE')))
    // Behind a link, where the archive is.
    const link = path.join(makeDir(), 'node')
    fs.symlinkSync(node, link)
    expect(namedRuntime(link, undefined).license).toBe(fs.realpathSync(path.join(made, 'LICENSE')))
  })
})
