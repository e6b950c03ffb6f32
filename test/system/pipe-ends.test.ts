import fs from 'node:fs'
import { describe, expect, it } from 'vitest'
import { type Reader, Readers, Writer } from '../../src/system/pipe-ends.ts'
import { makePipes, reopen } from '../../src/system/pipes.ts'
import { atEnd } from '../test-unit.ts'

const { O_NONBLOCK, O_RDONLY, O_WRONLY } = fs.constants

/** Both ends of a new pipe. */
function open(flags = 0): { from: number; to: number } {
  const [pipe] = makePipes(1)
  const to = reopen(pipe, O_WRONLY | flags)
  const from = reopen(pipe, O_RDONLY | O_NONBLOCK)
  fs.closeSync(pipe)
  return { from, to }
}

/** A reader, what it has got, and whether it has told its end. */
function read(readers: Readers, from: number) {
  const seen = { text: '', ended: false }
  const reader: Reader = readers.open(
    from,
    (chunk) => {
      seen.text += chunk
    },
    () => {
      seen.ended = true
    },
  )
  atEnd(() => reader.close())
  return { reader, seen }
}

const isOpen = (descriptor: number) => fs.existsSync(`/proc/self/fd/${descriptor}`)

describe.each([
  ['as a socket', 0],
  ['that looks', 1e6],
  ['that becomes a socket on the way', 3],
])('a reader %s', (_, looks) => {
  it('gets what comes, and the end', async () => {
    const { from, to } = open()
    const { reader, seen } = read(new Readers({ looks }), from)
    fs.writeSync(to, 'one\n')
    await expect.poll(() => seen.text).toBe('one\n')
    fs.writeSync(to, 'two\n')
    fs.closeSync(to)
    await expect.poll(() => seen).toEqual({ text: 'one\ntwo\n', ended: true })
    expect(reader.isClosed).toBe(true)
    expect(isOpen(from)).toBe(false)
  })

  it('gets nothing more once it is closed, also where it closes itself on the way', async () => {
    const { from, to } = open()
    const reader: Reader = new Readers({ looks }).open(from, () => reader.close())
    fs.writeSync(to, 'x')
    await expect.poll(() => isOpen(from)).toBe(false)
    reader.close()
    expect(() => fs.writeSync(to, 'x')).toThrow('EPIPE')
    fs.closeSync(to)
  })
})

it('loses nothing when readers that look become sockets', async () => {
  const readers = new Readers({ looks: 1e6 })
  const { from, to } = open()
  const { seen } = read(readers, from)
  fs.writeSync(to, 'before ')
  readers.listen()
  fs.writeSync(to, 'after')
  fs.closeSync(to)
  await expect.poll(() => seen).toEqual({ text: 'before after', ended: true })
})

describe('a writer', () => {
  it('has written when the call returns, and the rest in order where the pipe is full', async () => {
    const { from, to } = open(O_NONBLOCK)
    const writer = new Writer(to)
    writer.write('short ')
    expect(fs.readSync(from, Buffer.alloc(100))).toBe(6)
    const long = Array.from({ length: 40_000 }, (_, index) => `${index}\n`).join('')
    writer.write(long)
    writer.write('end')
    const { seen } = read(new Readers(), from)
    await expect.poll(() => seen.text.endsWith('end')).toBe(true)
    expect(seen.text === `${long}end`).toBe(true)
  })

  it('says nothing where nobody reads any more', () => {
    const { from, to } = open(O_NONBLOCK)
    const writer = new Writer(to)
    fs.closeSync(from)
    writer.write('x')
    fs.closeSync(to)
  })
})
