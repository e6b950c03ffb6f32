import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import { expect, it } from 'vitest'
import { makePipes, type Pipe, Pipes } from '../../src/system/pipes.ts'
import { atEnd } from '../test-unit.ts'

function start(script: string, pipe: Pipe): ChildProcess {
  const child = spawn('bash', ['-c', script], { stdio: ['ignore', pipe.input, pipe.input] })
  atEnd(() => void child.kill())
  return child
}

function makeOwn(): Pipes {
  const pipes = new Pipes(makePipes(1))
  atEnd(() => pipes.close())
  return pipes
}

it('can be opened again by a child, and give what it wrote in its order', async () => {
  let said = ''
  const pipe = makeOwn().open((chunk) => {
    said += chunk
  })
  start('for i in {1..30}; do echo "$i"; echo "$i" >&2; echo "$i" >/dev/stderr; done', pipe)
  pipe.seal()
  await pipe.ended
  const each = Array.from({ length: 30 }, (_, index) => `${index + 1}\n`.repeat(3))
  expect(said).toBe(each.join(''))
})

it('are used again once nobody can write to them, and not before', async () => {
  const pipes = makeOwn()
  let later = ''
  const first = pipes.open((chunk) => {
    later += chunk
  })
  const child = start('(sleep 0.3; echo later) & echo now', first)
  first.seal()
  await once(child, 'exit')
  const second = pipes.open(() => undefined)
  const inode = (pipe: Pipe) => fs.fstatSync(pipe.input).ino
  const other = inode(second)
  second.seal()
  await Promise.all([first.ended, second.ended])
  expect(later).toContain('later')
  const [third, fourth] = [pipes.open(() => undefined), pipes.open(() => undefined)]
  expect([inode(third), inode(fourth)]).toContain(other)
  expect(inode(third)).not.toBe(inode(fourth))
})

it('give at once what has come, and let another process read on where one may still write', async () => {
  const [pipes, last] = [makeOwn(), makeOwn()]
  let said = ''
  let rest = ''
  const target = last.open((chunk) => {
    rest += chunk
  })
  const pipe = pipes.open((chunk) => {
    said += chunk
  }, target.input)
  fs.writeSync(pipe.input, 'now\n')
  pipe.drain()
  expect(said).toBe('now\n')
  start('sleep 0.2; echo later', pipe)
  pipes.close()
  target.seal()
  await target.ended
  expect([said, rest]).toEqual(['now\n', 'later\n'])
})
