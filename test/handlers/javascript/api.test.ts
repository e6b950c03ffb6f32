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

it('is only available in a dispatch', () => {
  expect(() => api.setFlag('a')).toThrow('charms.reactive is only available in handler files of a charm')
})

it('registers functions that are decorated in either form', async () => {
  const session = await startSession()
  const seen: unknown[] = []
  setCurrent({ session, registrar: { decorate: (action, ...words) => seen.push([action.name, ...words]) } })
  api.when('a', 'b', function one() {})
  api.whenNot('c')(api.onlyOnce()(function two() {}))
  expect(seen).toEqual([
    ['one', 'when', ['a', 'b']],
    ['two', 'only_once', []],
    ['two', 'when_not', ['c']],
  ])
})

it('acts on the session of the dispatch', async () => {
  const files = { 'templates/a.j2': '{{ list[1] }}{{ CHARM_DIR }}\n' }
  const session = await startSession({ files, env: { JUJU_HOOK_NAME: 'install' } })
  setCurrent({ session, registrar: { decorate: () => undefined } })
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
  expect([api.config('port'), api.config('none'), api.config('constructor'), api.config()]).toEqual([
    1,
    null,
    null,
    { port: 1 },
  ])
  await api.checkpoint()
  expect((await startSession({ charmDir: session.context.charmDir })).state.get('kv:k')).toEqual({ x: 1 })
  api.log('text', 'WARNING')
  await session.log.flush()
  expect(session.logged).toEqual(['WARNING text'])
})

it('warns when a guarded function is called without its flags, and runs it', async () => {
  const session = await startSession()
  setCurrent({ session, registrar: { decorate: () => undefined } })
  const guarded = api.notUnless('a', 'b', function ready(...args: unknown[]) {
    return args
  })
  expect([guarded.name, guarded(1, 2)]).toEqual(['ready', [1, 2]])
  await session.log.flush()
  expect(session.logged).toEqual([expect.stringContaining('called before its flags are set: a, b')])
})
