import { describe, expect, it } from 'vitest'
import { ReactiveLoop } from '../../src/dispatch/reactive-loop.ts'
import { Tracer } from '../../src/dispatch/trace.ts'
import { makeCondition } from '../../src/handlers/conditions.ts'
import { HandlerOutput } from '../../src/handlers/handler-output.ts'
import { decoratedHandlers, type Handler } from '../../src/handlers/handlers.ts'
import { clearFlag, isFlagSet, setFlag } from '../../src/unit/flags.ts'
import type { Session } from '../../src/unit/session.ts'
import { startSession } from '../test-unit.ts'

interface Row {
  /** Its decorators, `when a b`; a foreign executable has none, and says yes while all of `asks` are set. */
  on?: string[]
  asks?: string[]
  sets?: string[]
  clears?: string[]
  fails?: boolean
}

interface Play {
  handlers: Record<string, Row>
  flags?: string[]
  hook?: string
  files?: Record<string, string>
  refusal?: string
}

function handlerOf(session: Session, id: string, row: Row, ran: string[]): Handler[] {
  const invoke = async () => {
    ran.push(id)
    for (const flag of row.sets ?? []) setFlag(session, flag === '*' ? `more.${ran.length}` : flag)
    for (const flag of row.clears ?? []) clearFlag(session, flag)
    if (row.fails) throw new Error(`${id} is broken`)
  }
  if (row.on !== undefined) {
    const conditions = row.on.map((line) => {
      const [name = '', ...args] = line.split(' ')
      return makeCondition(name, args)
    })
    return decoratedHandlers(session, { id, file: 'reactive/app.sh', line: 1, conditions, invoke })
  }
  const test = () => {
    ran.push(`${id}?`)
    return { matches: (row.asks ?? []).every((flag) => isFlagSet(session, flag)), answers: [] }
  }
  const phases = new Set(['hooks', 'other'] as const)
  return [{ id, file: id, line: undefined, phases, flags: 'any', actions: [], test, run: invoke }]
}

/** Run all phases of a hook: what ran, in order, with a bar at the end of each iteration. */
async function play({ handlers, flags = [], hook = 'install', files = {}, refusal }: Play) {
  const session = await startSession({ files, env: { JUJU_HOOK_NAME: hook } })
  const ran: string[] = []
  const warnings: string[] = []
  const late: string[] = []
  Object.assign(session, {
    log: {
      ...session.log,
      warning: (text: string) => warnings.push(text),
      info: (text: string) => text.includes('does not run') && late.push(text),
    },
  })
  for (const flag of flags) setFlag(session, flag)
  const loop = new ReactiveLoop(session, new Tracer(hook, 'app/0'), {
    channelPath: '',
    output: new HandlerOutput(session, []),
    refusal,
    settle: async () => undefined,
  })
  for (const [id, row] of Object.entries(handlers)) {
    loop.add({ handlers: handlerOf(session, id, row, ran) })
  }
  loop.add({ handlers: [], endIteration: async () => void ran.push('|') })
  let error = ''
  try {
    await loop.runCallbacks('start')
    await loop.runPhase('hooks')
    await loop.settle()
    await loop.runCallbacks('exit')
  } catch (thrown) {
    error = String(thrown)
  }
  return { ran: ran.join(' ').replace(/( \|)*$/, ''), error, warnings, late }
}

const CASES: Record<string, Play & { ran: string }> = {
  'handlers of the hook run before those of flags, in their order': {
    handlers: { a: { on: ['when x'] }, b: { on: ['hook install'] }, c: { on: ['hook stop install'] } },
    flags: ['x'],
    ran: 'b c | a',
  },
  'a hook handler of another hook never runs': {
    handlers: { a: { on: ['hook stop'] }, b: { on: ['hook install', 'when x'] } },
    ran: '|',
  },
  'all handlers are tested before the first runs: what a flag brings waits for the next iteration': {
    handlers: { a: { on: ['when_not y'], sets: ['y'] }, b: { on: ['when y'] }, c: { on: ['when x'] } },
    flags: ['x'],
    ran: '| a c | b',
  },
  'a flag that is cleared takes those back that still wait for it': {
    handlers: { a: { on: ['when x'], clears: ['x'] }, b: { on: ['when x'] }, c: { on: ['when y'] } },
    flags: ['x', 'y'],
    ran: '| a c',
  },
  'a flag that is set takes nobody back': {
    handlers: { a: { on: ['when x'], sets: ['y'] }, b: { on: ['when_not y'] } },
    flags: ['x'],
    ran: '| a b',
  },
  'a handler runs again only when one of its own flags has changed': {
    handlers: {
      a: { on: ['when x'] },
      b: { on: ['when_not y'], sets: ['y'] },
      c: { on: ['when y', 'when_not z'], sets: ['z'], clears: ['x'] },
      d: { on: ['when z', 'when_not x'], sets: ['x'] },
    },
    flags: ['x'],
    ran: '| a b | c | d | a',
  },
  'what a handler changes itself lets it run again': {
    handlers: {
      a: { on: ['when_not y', 'when_not z'], sets: ['y'], clears: ['x'] },
      b: { on: ['when y'], sets: ['z'], clears: ['y'] },
    },
    flags: ['x'],
    ran: '| a | b',
  },
  'a bare @only_once belongs to the hook, one beside flags to the flags': {
    handlers: { a: { on: ['only_once'] }, b: { on: ['only_once', 'when x'] } },
    flags: ['x'],
    ran: 'a | b',
  },
  'callbacks stand around all others, and those that began first end last': {
    handlers: {
      a: { on: ['at_start'] },
      b: { on: ['at_start'], sets: ['x'] },
      c: { on: ['at_exit'] },
      d: { on: ['at_exit'], sets: ['late'] },
      e: { on: ['when x'] },
      f: { on: ['when late'] },
    },
    ran: 'a b | | e | d c',
  },
  'an executable that said no to the hook is asked once more, then only when a flag has changed': {
    handlers: { a: { asks: ['x'] }, b: { on: ['when y'], sets: ['z'] } },
    flags: ['y'],
    ran: 'a? | a? b | a?',
  },
  'an executable that has run is not asked again while nothing changes': {
    handlers: { a: {} },
    ran: 'a? a',
  },
  'an executable that changes a flag is asked again': {
    handlers: { a: { sets: ['x'] } },
    ran: 'a? a | a? a',
  },
}

describe('the loop', () => {
  it.each(Object.entries(CASES))('%s', async (_, { ran, ...given }) => {
    expect(await play(given)).toEqual({ ran, error: '', warnings: [], late: [] })
  })

  it('tells of hook handlers whose flags came when all had been tested, and of no others', async () => {
    const handlers = {
      a: { on: ['hook install'], sets: ['x'] },
      b: { on: ['hook install', 'when x'] },
      c: { on: ['when x'] },
    }
    const why = 'b does not run: x changed in the same phase, which tests each handler once'
    expect(await play({ handlers })).toMatchObject({ ran: 'a | c', late: [why] })
  })

  it('ends with the first handler that fails', async () => {
    const handlers = { a: { on: ['when x'], fails: true }, b: { on: ['when x'] } }
    expect(await play({ handlers, flags: ['x'] })).toMatchObject({ ran: '| a', error: 'Error: a is broken' })
  })

  it('ends with a handler whose request was refused without its knowledge', async () => {
    const handlers = { a: { on: ['when x'] }, b: { on: ['when x'] } }
    const error = 'ReactiveError: a: no such flag'
    expect(await play({ handlers, flags: ['x'], refusal: 'no such flag\n' })).toMatchObject({
      ran: '| a',
      error,
    })
  })

  it('lets triggers elsewhere act after each handler', async () => {
    const session = await startSession({ env: { JUJU_HOOK_NAME: 'install' } })
    const ran: string[] = []
    const loop = new ReactiveLoop(session, new Tracer('install', 'app/0'), {
      channelPath: '',
      output: new HandlerOutput(session, []),
      refusal: undefined,
      settle: async () => void ran.push('settled'),
    })
    for (const id of ['a', 'b']) loop.add({ handlers: handlerOf(session, id, { on: ['hook install'] }, ran) })
    await loop.runPhase('hooks')
    expect(ran).toEqual(['a', 'settled', 'b', 'settled'])
  })

  it('takes a handler that two files bring for one', async () => {
    const session = await startSession()
    const loop = new ReactiveLoop(session, new Tracer('', ''), {
      channelPath: '',
      output: new HandlerOutput(session, []),
      refusal: undefined,
      settle: async () => undefined,
    })
    for (const id of ['a', 'b', 'a']) loop.add({ handlers: handlerOf(session, id, { on: ['when x'] }, []) })
    expect(loop.handlers.map(({ id }) => id)).toEqual(['a', 'b'])
  })

  it('shows who matches a phase before any of them runs', async () => {
    const session = await startSession({ env: { JUJU_HOOK_NAME: 'install' } })
    const loop = new ReactiveLoop(session, new Tracer('', ''), {
      channelPath: '',
      output: new HandlerOutput(session, []),
      refusal: undefined,
      settle: async () => undefined,
    })
    const ran: string[] = []
    for (const on of ['hook install', 'hook stop'])
      loop.add({ handlers: handlerOf(session, on, { on: [on] }, ran) })
    const refuse = (matching: readonly Handler[]) => {
      throw new Error(matching.map(({ id }) => id).join())
    }
    await expect(loop.runPhase('hooks', refuse)).rejects.toThrow(/^hook install$/)
    expect(ran).toEqual([])
  })
})

describe('a dispatch that does not settle', () => {
  const PING = {
    ping: { on: ['when a'], sets: ['b'], clears: ['a'] },
    pong: { on: ['when b'], sets: ['a'], clears: ['b'] },
  }
  const NAMED = /handlers run in a loop: (ping, pong|pong, ping); flags that alternate: (a, b|b, a)$/

  it('is a loop when the same flags and handlers are seen for the tenth time', async () => {
    const { ran, error } = await play({ handlers: PING, flags: ['a'] })
    expect(error).toMatch(NAMED)
    expect(ran.match(/ping/g)).toHaveLength(9)
  })

  it('goes on with a warning where the charm wants that', async () => {
    const files = { 'layer.yaml': 'options: {reactive: {on_loop: warn}}\n' }
    const { error, warnings } = await play({ handlers: PING, flags: ['a'], files })
    expect({ error, warnings }).toEqual({
      error: '',
      warnings: [expect.stringMatching(NAMED)],
    })
  })

  it('ends after a hundred iterations', async () => {
    const { ran, error } = await play({ handlers: { more: { sets: ['*'] } } })
    expect(error).toBe('ReactiveError: 100 iterations did not settle')
    expect(ran.match(/more( |$)/g)).toHaveLength(101)
  })
})
