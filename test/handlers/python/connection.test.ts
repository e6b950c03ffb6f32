import { Duplex, PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { ReactiveError, UsageError } from '../../../src/errors.ts'
import {
  type Answer,
  type Answered,
  Connection,
  lineOf,
  refusalOf,
} from '../../../src/handlers/python/connection.ts'

/** A connection, and Python's side of it: what it was sent, and how it answers. */
function connect(answer: Answer = () => ({ value: null, callbacks: [] })) {
  const [from, to] = [new PassThrough(), new PassThrough()]
  const sent: unknown[] = []
  to.setEncoding('utf8').on('data', (text: string) => {
    for (const line of text.split('\n').filter(Boolean)) sent.push(JSON.parse(line))
  })
  const tell = (...messages: unknown[]) =>
    from.write(messages.map((message) => `${JSON.stringify(message)}\n`).join(''))
  return {
    connection: new Connection(lineOf(Duplex.from({ readable: from, writable: to })), answer),
    from,
    sent,
    tell,
  }
}

const soon = () => new Promise((resolve) => setImmediate(resolve))

describe('a connection to the Python process', () => {
  it('gives the result of a call, whatever the order in which results come', async () => {
    const { connection, sent, tell } = connect()
    const calls = [connection.call('import', 'a.py'), connection.call('run', 1)]
    await soon()
    expect(sent).toEqual([
      ['call', 1, 'import', 'a.py'],
      ['call', 2, 'run', 1],
    ])
    tell(['done', 2, 'second'], ['done', 1, 'first'])
    expect(await Promise.all(calls)).toEqual(['first', 'second'])
  })

  it('rejects a call that fails in Python, with what Python says of it', async () => {
    const { connection, tell } = connect()
    const call = connection.call('run', 1)
    tell(['failed', 1, { message: 'KeyError: 1', file: 'a.py', line: 3 }])
    await expect(call).rejects.toMatchObject({ message: 'KeyError: 1', failure: { file: 'a.py', line: 3 } })
  })

  it('rejects what still waits when the process ends', async () => {
    const { connection } = connect()
    const call = connection.call('run', 1)
    connection.end(() => new ReactiveError('gone'))
    await expect(call).rejects.toThrow('gone')
  })

  it('answers questions in pieces as well, with the callbacks that fired', async () => {
    const { from, sent } = connect((operation, args) => ({ value: [operation, ...args], callbacks: [4] }))
    const text = JSON.stringify(['ask', 1, 'get_flags', 'é'])
    for (const piece of [text.slice(0, 9), `${text.slice(9)}\n${text.slice(0, 3)}`]) from.write(piece)
    await soon()
    expect(sent).toEqual([['reply', 1, ['get_flags', 'é'], 4]])
  })

  it('is busy while Python runs something, but not while that waits for an answer', async () => {
    const { promise, resolve: reply } = Promise.withResolvers<Answered>()
    const { connection, sent, tell } = connect(() => promise)
    expect(connection.isBusy).toBe(false)
    const call = connection.call('run', 1)
    expect(connection.isBusy).toBe(true)
    tell(['ask', 1, 'joined_units', 'db:1'])
    await soon()
    expect(connection.isBusy).toBe(false)
    reply({ value: ['db/0'], callbacks: [] })
    await soon()
    expect(connection.isBusy).toBe(true)
    expect(sent.at(-1)).toEqual(['reply', 1, ['db/0']])
    tell(['done', 1, null])
    await call
  })

  it.each([
    ['at once', (error: Error) => () => Promise.reject(error)],
    ['later', (error: Error) => (): never => raise(error)],
  ])('tells a refusal and its kind, also %s', async (_, answering) => {
    const { sent, tell } = connect(answering(new UsageError('a flag needs a name')))
    tell(['ask', 7, 'set_flag', ''])
    await soon()
    expect(sent).toEqual([['refusal', 7, 'usage', 'a flag needs a name']])
  })

  it('names the kind of an error', () => {
    expect(refusalOf(new ReactiveError('x'))).toEqual(['reactive', 'x'])
    expect(refusalOf(new TypeError('x'))).toEqual(['bug', expect.stringContaining('TypeError: x\n')])
  })
})

function raise(error: Error): never {
  throw error
}
