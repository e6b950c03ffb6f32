import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { readRuntime } from '../../src/building/runtime-binary.ts'
import { makeDir } from '../test-unit.ts'
import { fakeRuntime } from './fake-runtime.ts'

function write(bytes: Buffer): string {
  const file = path.join(makeDir(), 'node')
  fs.writeFileSync(file, bytes, { mode: 0o755 })
  return file
}

/** The binary with another machine in its header. */
function forMachine(machine: number): Buffer {
  const bytes = fakeRuntime()
  bytes.writeUInt16LE(machine, 18)
  return bytes
}

describe('a runtime', () => {
  it('tells its version and architecture without being run', () => {
    const file = write(fakeRuntime('25.1.2'))
    expect(readRuntime(file)).toEqual({ file, architecture: expect.any(String), version: '25.1.2' })
    expect(readRuntime(write(forMachine(183))).architecture).toBe('arm64')
    expect(readRuntime(write(forMachine(21))).architecture).toBe('ppc64el')
  })

  it('may be the pinned one', () => {
    const { version } = readRuntime(process.execPath)
    expect(`v${version}`).toBe(process.version)
  })

  it.each<[string, () => Buffer, string]>([
    ['a text', () => Buffer.from('#!/bin/sh\n'), 'the runtime is not a Linux binary: '],
    ['half a binary', () => fakeRuntime().subarray(0, 70), 'the runtime is not a Linux binary: '],
    [
      'a binary for a machine that Juju does not know',
      () => forMachine(40),
      'no architecture for this runtime: ELF machine 40: ',
    ],
    ['another program', () => fs.readFileSync('/bin/true'), 'the runtime is not Node.js: '],
    ['an older Node.js', () => fakeRuntime('22.21.0'), 'the runtime is older than Node.js 24: 22.21.0: '],
    [
      'one that is linked to libraries that units lack',
      () => fakeRuntime('24.0.0', ['libz.so.1']),
      'a charm cannot carry a runtime that needs other libraries: libz.so.1: ',
    ],
  ])('is refused: %s', (_, bytes, message) => {
    const file = write(bytes())
    expect(() => readRuntime(file)).toThrow(message + file)
  })

  it('is refused: a file that is not there', () => {
    expect(() => readRuntime('/nonexistent/node')).toThrow('the runtime cannot be read: ENOENT')
  })
})
