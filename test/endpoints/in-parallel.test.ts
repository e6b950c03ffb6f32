import { setImmediate as turn } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { inParallel } from '../../src/endpoints/in-parallel.ts'

const numbers = Array.from({ length: 100 }, (_, index) => index)

it('does the work for every item once, several at a time, and no more than the bound', async () => {
  const done: number[] = []
  let running = 0
  let most = 0
  await inParallel(numbers, async (number) => {
    running += 1
    most = Math.max(most, running)
    await turn()
    running -= 1
    done.push(number)
  })
  expect(done.toSorted((a, b) => a - b)).toEqual(numbers)
  expect([most, running]).toEqual([16, 0])
  await inParallel([], () => Promise.reject(new Error('there is nothing to do')))
})

it('begins nothing more when one has failed', async () => {
  const begun: number[] = []
  const work = async (number: number) => {
    begun.push(number)
    await turn()
    if (number === 3) throw new Error('three')
    await turn()
  }
  await expect(inParallel(numbers, work)).rejects.toThrow('three')
  for (let turns = 0; turns < 20; turns += 1) await turn()
  expect(begun.length).toBeLessThan(32)
})
