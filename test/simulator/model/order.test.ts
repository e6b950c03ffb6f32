import { describe, expect, it } from 'vitest'
import { seededOrder, titleOf } from '../../../src/simulator/testing.ts'
import { deploy, on, relatedModel, startModel, titles } from '../test-model.ts'

/** `joined ca/0 `, `broken `, by unit and relation. */
function stepsByRelation(all: readonly string[]): Map<string, string[]> {
  const steps = new Map<string, string[]>()
  for (const title of all) {
    const [, unit, step, id, remote = ''] = /^(\S+) \w+-relation-(\w+) (\S+)( \S+)?$/.exec(title) ?? []
    const key = `${unit} ${id}`
    if (step !== undefined) steps.set(key, [...(steps.get(key) ?? []), `${step}${remote} `])
  }
  return steps
}

describe('the order', () => {
  const scenario = async (seed: number) => {
    const { model, ca, relation } = await relatedModel(
      2,
      { order: seededOrder(seed) },
      {
        'certs-relation-joined': 'relation-set name=x',
      },
    )
    model.relate('web:certs', 'ca:backup')
    model.removeUnit('web/0')
    on(ca, 'clients-relation-changed', 'relation-set answered="$JUJU_REMOTE_UNIT"')
    await model.addUnit('web')
    const results = await model.settle()
    model.removeRelation(relation)
    return titles([...results, ...(await model.settle())])
  }

  it('is the same for the same seed, and another for others', async () => {
    const first = await scenario(1)
    expect(await scenario(1)).toEqual(first)
    expect(await scenario(2)).not.toEqual(first)
  })

  it.each([3, 4, 5, 6])('keeps the rules of each relation, whatever it is: seed %i', async (seed) => {
    const steps = stepsByRelation(await scenario(seed))
    for (const list of steps.values()) {
      expect(list.join('')).toMatch(
        /^(created )?((joined (\S+) changed \4 )|((changed|departed) \S+ ))*(broken )?$/,
      )
      const remotes = new Set(list.map((step) => step.split(' ')[1] ?? ''))
      for (const remote of remotes) {
        const own = list.filter((step) => step.endsWith(` ${remote} `)).map((step) => step.split(' ')[0])
        expect(own.join(' ')).toMatch(/^(joined changed ?)?(changed ?)*(departed)?$/)
      }
    }
    expect(steps.get('web/2 certs:1')?.at(0)).toBe('created ')
    expect(steps.get('web/2 certs:1')?.slice(-2)).toEqual(['departed ca/0 ', 'broken '])
    expect(steps.get('ca/0 clients:1')).toContain('departed web/2 ')
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
