// A scenario of joins, a removed unit and a removed relation, whose hooks run in the order of a seed, and the rules
// that hold in each.

import { expect } from 'vitest'
import { seededOrder } from '../../src/simulator/testing.ts'
import { on, relatedModel, titles } from './test-model.ts'

/** The hooks that ran. */
export async function hooksInOrder(seed: number): Promise<string[]> {
  const { model, ca, relation } = await relatedModel(
    2,
    { order: seededOrder(seed) },
    { 'certs-relation-joined': 'relation-set name=x' },
  )
  model.relate('web:certs', 'ca:backup')
  model.removeUnit('web/0')
  on(ca, 'clients-relation-changed', 'relation-set answered="$JUJU_REMOTE_UNIT"')
  await model.addUnit('web')
  const results = await model.settle()
  model.removeRelation(relation)
  return titles([...results, ...(await model.settle())])
}

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

/** Each relation keeps to Juju's order, whatever the order of all. */
export function expectRules(hooks: readonly string[]): void {
  const steps = stepsByRelation(hooks)
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
}
