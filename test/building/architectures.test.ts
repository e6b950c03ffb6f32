import { describe, expect, it } from 'vitest'
import {
  ARCHITECTURES,
  findArchitecture,
  namesOf,
  ownArchitecture,
} from '../../src/building/architectures.ts'

describe('an architecture', () => {
  it('has the names of bash, of the ELF header and of Node.js', () => {
    expect(namesOf('arm64')).toEqual({ hostType: 'aarch64', machine: 183, node: 'arm64' })
    expect(namesOf('s390x')).not.toHaveProperty('node')
  })

  it('is found by any of its names, and by no other', () => {
    expect(findArchitecture(({ machine }) => machine === 243)).toBe('riscv64')
    expect(findArchitecture(({ hostType }) => hostType === 'x86_64')).toBe('amd64')
    expect(findArchitecture((_, name) => name === 'ppc64el')).toBe('ppc64el')
    expect(findArchitecture(({ machine }) => machine === 40)).toBeUndefined()
  })

  it('of this process is the one of its Node.js', () => {
    const { node = ownArchitecture() } = ARCHITECTURES[ownArchitecture()] as { node?: string }
    expect(node).toBe(process.arch)
  })
})
