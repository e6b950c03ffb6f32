import path from 'node:path'
import { type GivenState, simulate, simulateModel, simulateUnit } from 'charms.reactive/testing'
import { describe, expect, it } from 'vitest'
import { parseNotice } from '../lib/notice.ts'

const CHARM = path.resolve(import.meta.dirname, '..')
const GIVEN: GivenState = { config: { text: 'Closed on Monday\nWe move to another room.' } }

it('takes the first line for the headline', () => {
  expect(parseNotice('\nClosed\n\nuntil May\n')).toEqual({ headline: 'Closed', body: ['until May'] })
})

describe('a unit', () => {
  it('asks for a text where there is none', async () => {
    const { exitStatus, state } = await simulate(CHARM, {}, 'install')
    expect(exitStatus).toBe(0)
    expect(state.status.unit).toEqual({ status: 'blocked', message: 'set the option text' })
  })

  it('writes the notice to its file, and again when the text changes', async () => {
    const unit = await simulateUnit(CHARM, { state: GIVEN })
    try {
      const { handlers } = await unit.run({ name: 'install' })
      expect(handlers.map(({ handler }) => handler)).toEqual([
        'reactive/bulletin.ts:read',
        'reactive/bulletin.ts:publish',
      ])
      unit.setConfig({ text: 'Open again' })
      await unit.run({ name: 'config-changed' })
      expect(unit.state.status.unit).toEqual({ status: 'active', message: 'Open again' })
    } finally {
      await unit.close()
    }
  })

  it('takes the notice back when it is told to, until the text changes', async () => {
    const installed = await simulate(CHARM, GIVEN, 'install')
    expect(installed.files).toEqual(['/etc/bulletin'])
    const event = { name: 'withdraw', action: { name: 'withdraw' } }
    const withdrawn = await simulate(CHARM, installed.state, event)
    expect(withdrawn.action?.results).toEqual({ withdrawn: '/etc/bulletin' })
    const later = await simulate(CHARM, withdrawn.state, 'update-status')
    expect(later.handlers).toEqual([])
  })
})

it('a related application gets the headline', async () => {
  const model = await simulateModel()
  try {
    await model.deploy('bulletin', CHARM, { config: { text: 'Closed on Monday' } })
    await model.deploy('reader', path.join(import.meta.dirname, 'reader'))
    model.relate('bulletin:feed', 'reader:feed')
    const hooks = await model.settle()
    expect(hooks.filter(({ exitStatus }) => exitStatus !== 0)).toEqual([])
    expect(model.unit('reader/0').state.status.unit.message).toBe('Closed on Monday')
  } finally {
    await model.close()
  }
})
