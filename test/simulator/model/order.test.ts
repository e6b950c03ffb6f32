import { describe, expect, it } from 'vitest'
import { titleOf } from '../../../src/simulator/testing.ts'
import { expectRules, hooksInOrder } from '../random-order.ts'
import { deploy, on, relatedModel, startModel } from '../test-model.ts'

describe('the order', () => {
  it('is the same for the same seed, another for others, and keeps the rules of each relation', async () => {
    const first = await hooksInOrder(1)
    expect(await hooksInOrder(1)).toEqual(first)
    const second = await hooksInOrder(2)
    expect(second).not.toEqual(first)
    for (const hooks of [first, second]) expectRules(hooks)
  })

  it('must choose one of the pending hooks', async () => {
    const seen: string[][] = []
    const model = await startModel({
      order: (pending) => {
        seen.push(pending.map(titleOf))
        return seen.length === 1 ? 1 : 7
      },
    })
    await deploy(model, 'web', { units: 2 })
    await expect(model.settle()).rejects.toThrow('the order has chosen no pending hook: 7')
    expect(seen).toEqual([
      ['web/0 install', 'web/1 install'],
      ['web/0 install', 'web/1 cluster-relation-created cluster:0'],
    ])
  })

  it('ends with an error when charms answer each other for ever', async () => {
    const { model, ca } = await relatedModel()
    const count = 'relation-set n=$(($(relation-get n) + 1))'
    on(ca, 'clients-relation-changed', count)
    on(model.unit('web/0'), 'certs-relation-changed', count)
    on(ca, 'update-status', 'relation-set -r 1 n=1')
    await model.run(ca, { name: 'update-status' })
    await expect(model.settle({ limit: 20 })).rejects.toThrow(
      /^the model does not settle: 20 hooks, the last \S+ \w+-relation-changed /,
    )
  })
})
