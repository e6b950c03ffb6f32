import { describe, expect, it } from 'vitest'
import { isProgram, matchesFormat } from '../../src/handlers/executable-format.ts'

const register = (...lines: string[]) =>
  ['enabled', 'interpreter /usr/bin/qemu', 'flags: F', ...lines].join('\n')

describe('a format that the kernel was told of', () => {
  const magic = register('offset 2', 'magic 7f45ff00', 'mask ffff00ff')

  it('is known by its magic at its offset, as far as the mask goes', () => {
    expect(matchesFormat(magic, 'x', Buffer.from('__\x7fE\x12\x00rest', 'latin1'))).toBe(true)
    expect(matchesFormat(magic, 'x', Buffer.from('__\x7fE\x12\x01rest', 'latin1'))).toBe(false)
    expect(matchesFormat(magic, 'x', Buffer.from('__\x7fE', 'latin1'))).toBe(false)
  })

  it('is known by its extension', () => {
    const jar = register('extension .jar')
    expect(matchesFormat(jar, 'reactive/a.jar', Buffer.from('PK'))).toBe(true)
    expect(matchesFormat(jar, 'reactive/a.zip', Buffer.from('PK'))).toBe(false)
  })

  it('does not count while it is switched off, or where nothing is said', () => {
    const start = Buffer.from('__\x7fE\x12\x00', 'latin1')
    expect(matchesFormat(magic.replace('enabled', 'disabled'), 'x', start)).toBe(false)
    expect(matchesFormat('', 'x', start)).toBe(false)
    expect(matchesFormat(register('offset 0', 'magic '), 'x', start)).toBe(false)
  })
})

it('an ELF binary is a program on every byte order, an object file is none', () => {
  const elf = (order: number, type: number[]) =>
    Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, order, ...Array(10).fill(0), ...type, 0, 62])
  expect(isProgram('x', elf(1, [3, 0]))).toBe(true)
  expect(isProgram('x', elf(2, [0, 2]))).toBe(true)
  expect(isProgram('x', elf(1, [1, 0]))).toBe(false)
  expect(isProgram('x', Buffer.from('\x7fELF'))).toBe(false)
})
