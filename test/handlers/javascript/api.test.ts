import { afterEach, expect, it } from 'vitest'
import * as api from '../../../src/handlers/javascript/api.ts'
import { setCurrent } from '../../../src/unit/current-session.ts'
import { startSession } from '../../test-unit.ts'

afterEach(() => setCurrent(undefined))

it('exports what handlers in JavaScript use', () => {
  const names = `action allFlagsSet anyFileChanged anyFlagsSet anyHook checkpoint clearFlag collectMetrics
    config dataChanged Endpoint endpointFromFlag endpointFromName getFlags getUnsetFlags HandlerError hook
    HookToolError isDataChanged isFlagSet kv layer log markInvoked meterStatusChanged notUnless onlyOnce
    ReactiveError RelatedUnit Relation relationCall registerTrigger renderTemplate setFlag statusSet toggleFlag
    UsageError wasInvoked when whenAll whenAny whenFileChanged whenNone whenNot whenNotAll`
  expect(Object.keys(api)).toEqual(expect.arrayContaining(names.split(/\s+/)))
})

/** What a variable holds that nobody has set. */
const NOTHING = undefined as never

it('is only available in a dispatch', () => {
  expect(() => api.setFlag('a')).toThrow('charms.reactive is only available in handler files of a charm')
})

it('registers functions that are decorated in either form', async () => {
  const session = await startSession()
  const seen: unknown[] = []
  const registrar = {
    decorate: (action: api.Action, ...words: unknown[]) => seen.push([action.name, ...words]),
    expectFunction: () => () => seen.push('applied'),
  }
  setCurrent({ session, registrar })
  api.when('a', 'b', function one() {})
  api.whenNot('c')(api.onlyOnce()(function two() {}))
  expect(seen).toEqual([
    ['one', 'when', ['a', 'b']],
    'applied',
    ['two', 'only_once', []],
    'applied',
    ['two', 'when_not', ['c']],
  ])
})

it.each<[string, () => unknown, string]>([
  ['setFlag', () => api.setFlag(NOTHING), 'a flag must be a string: undefined'],
  ['clearFlag', () => api.clearFlag(null as never), 'a flag must be a string: null'],
  ['isFlagSet', () => api.isFlagSet(NOTHING), 'a flag must be a string: undefined'],
  ['allFlagsSet', () => api.allFlagsSet('a', NOTHING), 'a flag must be a string: undefined'],
  ['registerTrigger', () => api.registerTrigger(NOTHING), 'a trigger must be an object: undefined'],
  ['when', () => api.when(NOTHING, () => undefined), 'an argument of when must be a string: undefined'],
  ['whenNot', () => api.whenNot('a')(NOTHING), 'whenNot takes a function: undefined'],
  ['kv.set', () => api.kv.set(NOTHING, 1), 'a key must be a string: undefined'],
  ['markInvoked', () => api.markInvoked(NOTHING), 'an id must be a string: undefined'],
  [
    'anyFileChanged',
    () => api.anyFileChanged('/etc/passwd' as never),
    'a file must be in a list: /etc/passwd',
  ],
  ['anyHook', () => api.anyHook(NOTHING), 'a pattern must be a string: undefined'],
  ['log', () => api.log('x', 'LOUD' as never), 'no such log level: LOUD'],
  ['endpointFromName', () => api.endpointFromName(NOTHING), 'an endpoint must be a string: undefined'],
  ['layer.options.get', () => api.layer.options.get(NOTHING), 'a layer must be a string: undefined'],
])('%s says in one line what is wrong with its arguments', async (_, call, message) => {
  const session = await startSession()
  setCurrent({ session, registrar: { decorate: () => undefined, expectFunction: () => () => undefined } })
  expect(call).toThrow(new api.UsageError(message))
})

it('acts on the session of the dispatch', async () => {
  const files = {
    'templates/a.j2': '{{ list[1] }}{{ CHARM_DIR }}\n',
    'config.yaml': 'options: {none: {type: string}}\n',
  }
  const session = await startSession({ files, env: { JUJU_HOOK_NAME: 'install' } })
  setCurrent({ session, registrar: { decorate: () => undefined, expectFunction: () => () => undefined } })
  const fired: string[] = []
  api.registerTrigger({ when: 'a', setFlag: 'b', callback: () => fired.push('called') })
  api.setFlag('a')
  api.toggleFlag('c', true)
  api.clearFlag('c')
  expect([api.getFlags(), api.getUnsetFlags('a', 'c'), fired]).toEqual([['a', 'b'], ['c'], ['called']])
  expect([api.isFlagSet('a'), api.allFlagsSet('a', 'c'), api.anyFlagsSet('a', 'c')]).toEqual([
    true,
    false,
    true,
  ])
  expect([api.anyHook('install'), api.anyHook('start')]).toEqual([true, false])
  expect([api.dataChanged('id', [1]), api.isDataChanged('id', [1]), api.anyFileChanged(['none'])]).toEqual([
    true,
    false,
    false,
  ])
  api.kv.set('k', { x: 1 })
  expect([api.kv.get('k'), api.kv.range()]).toEqual([{ x: 1 }, { k: { x: 1 } }])
  api.markInvoked('id')
  expect(api.wasInvoked('id')).toBe(true)
  session.config = { port: 1 }
  expect([api.config('port'), api.config('none'), api.config()]).toEqual([1, null, { port: 1 }])
  expect(() => api.config('constructor')).toThrow('config.yaml has no such option: constructor')
  await api.checkpoint()
  expect((await startSession({ charmDir: session.context.charmDir })).state.get('kv:k')).toEqual({ x: 1 })
  api.log('text', 'WARNING')
  await session.log.flush()
  expect(session.logged).toEqual(['WARNING text'])
})

it('warns when a guarded function is called without its flags, and runs it', async () => {
  const session = await startSession()
  setCurrent({ session, registrar: { decorate: () => undefined, expectFunction: () => () => undefined } })
  const guarded = api.notUnless('a', 'b', function ready(...args: unknown[]) {
    return args
  })
  expect([guarded.name, guarded(1, 2)]).toEqual(['ready', [1, 2]])
  await session.log.flush()
  expect(session.logged).toEqual([expect.stringContaining('called before its flags are set: a, b')])
})
