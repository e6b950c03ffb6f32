import { describe, expect, it } from 'vitest'
import type { DispatchRecord } from '../../../src/dispatch/trace.ts'
import {
  explainEvents,
  explainFlags,
  explainHandlers,
  isHandler,
} from '../../../src/simulator/test-kit/decisions.ts'
import { simulateUnit } from '../../../src/simulator/unit.ts'
import { makeCharm } from '../test-charm.ts'

const RENDER = 'reactive/app.sh:render'
const tested = (condition: string, holds: boolean) => ({
  handler: RENDER,
  matches: holds,
  answers: [{ condition, holds }],
})

/** A hook in which another handler sets what `render` waits for, and the engine clears it again. */
const RECORD: DispatchRecord = {
  event: 'install',
  unit: 'app/0',
  started: '2024-01-01T00:00:00.000Z',
  milliseconds: 1,
  status: 0,
  changes: [{ flag: 'config.changed', set: true }],
  iterations: [
    {
      phase: 'other',
      iteration: 0,
      tested: [tested('@when db.ready config.changed', false)],
      ran: [
        {
          handler: 'reactive/app.sh:ready',
          at: 0.2,
          milliseconds: 1,
          changes: [{ flag: 'db.ready', set: true }],
        },
      ],
    },
    {
      phase: 'other',
      iteration: 1,
      tested: [tested('@when_not db.ready', false), tested('@when_file_changed /x', false)],
      ran: [],
    },
  ],
  changesAtEnd: [{ flag: 'config.changed', set: false }],
}

async function explained(dispatches: DispatchRecord[], flags: string[], name = 'render') {
  const unit = await simulateUnit(makeCharm({ 'reactive/app.sh': '\nfunction lonely {\n:\n}\n' }))
  try {
    return explainHandlers(unit, { dispatches, before: { flags } }, [name])
  } finally {
    await unit.close()
  }
}

describe('the decision record', () => {
  it('names the flags that kept a condition from holding, as they were at that time', async () => {
    expect(await explained([RECORD], [])).toBe(`render in install:
  other 0: did not match: @when db.ready config.changed DOES NOT HOLD (db.ready is not set)
  other 1: did not match: @when_not db.ready DOES NOT HOLD (db.ready is set)
  other 1: did not match: @when_file_changed /x DOES NOT HOLD`)
  })

  it('knows the flags from one hook to the next, unless the hook failed', async () => {
    const second = { ...RECORD, event: 'start', changes: [] }
    const [, after = ''] = (await explained([RECORD, second], [])).split('render in start:\n')
    expect(after.split('\n')[0]).toContain('(config.changed is not set)')
    const failed = { ...RECORD, status: 1, error: 'handler failed' }
    const text = await explained([failed, second], [])
    expect(text).toContain('(db.ready is not set, config.changed is not set)')
    expect(text).toContain('install failed with status 1, nothing of it is kept: handler failed')
  })

  it('does not guess about flags with spaces', async () => {
    expect(await explained([RECORD], ['two words'])).toContain(
      '@when db.ready config.changed DOES NOT HOLD\n',
    )
  })

  it('finds a function that no decorator makes a handler', async () => {
    expect(await explained([RECORD], [], 'lonely')).toBe(`lonely is not a handler of this charm.
reactive/app.sh:2 has such a function, but no decorator makes it a handler.
Its handlers:
  reactive/app.sh:render`)
  })

  it('says who changed a flag', () => {
    expect(explainFlags([RECORD], ['db.ready', 'config.changed', 'other'])).toBe(`flags in install:
  db.ready: set by reactive/app.sh:ready (other 0)
  config.changed: set by the engine, before the first handler
  config.changed: cleared by the engine, after the last handler
  other: not changed`)
  })

  it('lists what ran', () => {
    const idle = { ...RECORD, event: 'start', iterations: [] }
    expect(explainEvents([RECORD, idle])).toBe(`install:
  ran reactive/app.sh:ready
    set db.ready
start:
  no handler ran`)
  })

  it('shows what a handler printed that failed', async () => {
    const run = { handler: RENDER, milliseconds: 1, changes: [], error: 'status 1', output: 'no space\nleft' }
    const iteration = { phase: 'other', iteration: 0, tested: [tested('@when x', true)], ran: [run] } as const
    const record = { ...RECORD, iterations: [iteration] } as unknown as DispatchRecord
    expect(await explained([record], ['x'])).toBe(`render in install:
  other 0: ran: @when x holds: status 1
    | no space
    | left`)
    expect(explainEvents([record])).toBe(`install:
  ran reactive/app.sh:render: status 1
    | no space
    | left`)
  })

  it('takes the name of a function for its handler', () => {
    expect([isHandler(RENDER, 'render'), isHandler(RENDER, RENDER), isHandler(RENDER, 'ender')]).toEqual([
      true,
      true,
      false,
    ])
  })
})
