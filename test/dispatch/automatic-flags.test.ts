import fs from 'node:fs'
import { describe, expect, it } from 'vitest'
import { endAutomaticFlags, startAutomaticFlags } from '../../src/dispatch/automatic-flags.ts'
import { leaderGet } from '../../src/endpoints/leadership.ts'
import { getFlags, setFlag } from '../../src/unit/flags.ts'
import { isLeader } from '../../src/unit/is-leader.ts'
import { kvSet } from '../../src/unit/kv.ts'
import { registerTrigger } from '../../src/unit/triggers.ts'
import { makeCharm, startSession, writeFiles } from '../test-unit.ts'

const CONFIG = `options:
  port: {type: int, default: 8080}
  name: {type: string, default: x}
  debug: {type: boolean, default: false}
  empty: {type: string, default: ""}
  zero: {type: int, default: 0}
  unset: {type: string}
`
const TOOL = '#!/bin/bash\n[[ -e config.json ]] && cat config.json\n'
const DEFAULTS = { port: 8080, name: 'x', debug: false, empty: '', zero: 0 }

/** Run the beginning and the end of a hook; gives the flags in between. */
async function hook(charmDir: string, config: object, env: Record<string, string> = {}, succeeds = true) {
  writeFiles(charmDir, { 'config.json': JSON.stringify(config) })
  const session = await startSession({
    charmDir,
    env: { PATH: `${charmDir}/tools:${process.env.PATH}`, ...env },
  })
  await startAutomaticFlags(session)
  const flags = getFlags(session)
  if (succeeds) {
    await endAutomaticFlags(session)
    expect(getFlags(session).filter((flag) => flag.startsWith('config.'))).toEqual([])
    await session.state.commit()
  }
  return flags
}

/** Leadership as the files `leader.json` and `settings.json` say; `leader-set` writes down its words. */
const LEADERSHIP = {
  'tools/is-leader': '#!/bin/bash\necho is-leader >>calls; cat leader.json\n',
  'tools/leader-get': '#!/bin/bash\necho leader-get >>calls; cat settings.json\n',
  'tools/leader-set': '#!/bin/bash\necho "leader-set $*" >>calls\n',
  'leader.json': 'false',
  'settings.json': '{}',
}

const charm = () =>
  makeCharm({
    'metadata.yaml': 'name: app\n',
    'config.yaml': CONFIG,
    'tools/config-get': TOOL,
    'config.json': '{}',
    ...LEADERSHIP,
  })

describe('the flags of the configuration', () => {
  it('say on the first hook that every option changed, which are set, and which have their default', async () => {
    expect(await hook(charm(), DEFAULTS)).toEqual([
      'config.changed',
      'config.changed.debug',
      'config.changed.empty',
      'config.changed.name',
      'config.changed.port',
      'config.changed.unset',
      'config.changed.zero',
      'config.default.debug',
      'config.default.empty',
      'config.default.name',
      'config.default.port',
      'config.default.unset',
      'config.default.zero',
      'config.set.name',
      'config.set.port',
      'config.set.zero',
    ])
  })

  it('compare with the end of the last hook that succeeded', async () => {
    const charmDir = charm()
    const changed = (flags: string[]) => flags.filter((flag) => flag.startsWith('config.changed'))
    await hook(charmDir, DEFAULTS)
    expect(changed(await hook(charmDir, DEFAULTS))).toEqual([])
    const other = { ...DEFAULTS, port: 80 }
    expect(changed(await hook(charmDir, other, {}, false))).toEqual(['config.changed', 'config.changed.port'])
    expect(changed(await hook(charmDir, other))).toEqual(['config.changed', 'config.changed.port'])
    expect(changed(await hook(charmDir, other))).toEqual([])
    const { name: _, ...without } = other
    expect(changed(await hook(charmDir, without))).toEqual(['config.changed', 'config.changed.name'])
  })

  it('fire triggers, and skip options whose names make no flag', async () => {
    const charmDir = charm()
    writeFiles(charmDir, { 'config.json': JSON.stringify({ 'a\nb': 1, port: 1 }) })
    const session = await startSession({ charmDir, env: { PATH: `${charmDir}/tools:${process.env.PATH}` } })
    registerTrigger(session, { when: 'config.changed.port', setFlags: ['seen'], clearFlags: [] })
    await startAutomaticFlags(session)
    expect(getFlags(session)).toContain('seen')
    expect(getFlags(session).join()).not.toContain('\n')
  })

  it("leave a charm's own flags alone", async () => {
    const session = await startSession({
      files: {
        'metadata.yaml': 'name: app\n',
        'config.yaml': CONFIG,
        'tools/config-get': TOOL,
        'config.json': '{}',
        ...LEADERSHIP,
      },
    })
    const { charmDir } = session.context
    const again = await startSession({ charmDir, env: { PATH: `${charmDir}/tools:${process.env.PATH}` } })
    for (const flag of ['config.changed.mine', 'config.rendered', 'config.set.constructor'])
      setFlag(again, flag)
    await startAutomaticFlags(again)
    await endAutomaticFlags(again)
    expect(getFlags(again)).toEqual(['config.changed.mine', 'config.rendered', 'config.set.constructor'])
  })

  it('make the hook fail when config-get fails', async () => {
    const charmDir = makeCharm({ 'tools/config-get': '#!/bin/bash\nexit 1\n' })
    await expect(hook(charmDir, {})).rejects.toThrow('config-get --all --format=json failed with status 1')
  })
})

it('sets upgrade.series.in-progress from pre-series-upgrade to post-series-upgrade', async () => {
  const charmDir = charm()
  const flagged = async (name: string) =>
    (await hook(charmDir, {}, { JUJU_HOOK_NAME: name })).includes('upgrade.series.in-progress')
  const hooks = ['start', 'pre-series-upgrade', 'config-changed', 'post-series-upgrade', 'start']
  const seen: boolean[] = []
  for (const name of hooks) seen.push(await flagged(name))
  expect(seen).toEqual([false, true, true, false, false])
})

it('sets charm.upgraded for exactly the hook upgrade-charm, and leaves it alone in others', async () => {
  const charmDir = charm()
  const flagged = async (env: Record<string, string>, succeeds = true) =>
    (await hook(charmDir, {}, env, succeeds)).includes('charm.upgraded')
  const seen: boolean[] = []
  for (const name of ['install', 'upgrade-charm', 'config-changed'])
    seen.push(await flagged({ JUJU_HOOK_NAME: name }))
  expect(seen).toEqual([false, true, false])
  expect(await flagged({ JUJU_HOOK_NAME: 'upgrade-charm' }, false)).toBe(true)
  expect(await flagged({ JUJU_HOOK_NAME: 'start' })).toBe(false)
  expect(await flagged({ JUJU_ACTION_NAME: 'upgrade-charm' })).toBe(false)
})

describe('the flags of leadership', () => {
  const ours = (flags: string[]) => flags.filter((flag) => flag.startsWith('leadership'))
  const start = async (charmDir: string) => {
    const session = await startSession({ charmDir, env: { PATH: `${charmDir}/tools:${process.env.PATH}` } })
    await startAutomaticFlags(session)
    return session
  }
  const calls = (charmDir: string) => fs.readFileSync(`${charmDir}/calls`, 'utf8').split('\n').slice(0, -1)

  it('follow is-leader and leader-get, and compare with the end of the last hook that succeeded', async () => {
    const charmDir = charm()
    writeFiles(charmDir, { 'leader.json': 'true', 'settings.json': '{"a": "1", "b": "2"}' })
    expect(ours(await hook(charmDir, {}))).toEqual([
      'leadership.changed',
      'leadership.changed.a',
      'leadership.changed.b',
      'leadership.is_leader',
      'leadership.set.a',
      'leadership.set.b',
    ])
    writeFiles(charmDir, { 'leader.json': 'false' })
    expect(ours(await hook(charmDir, {}))).toEqual(['leadership.set.a', 'leadership.set.b'])
    writeFiles(charmDir, { 'settings.json': '{"a": "new"}' })
    const changed = ['leadership.changed', 'leadership.changed.a', 'leadership.changed.b', 'leadership.set.a']
    expect(ours(await hook(charmDir, {}, {}, false))).toEqual(changed)
    expect(ours(await hook(charmDir, {}))).toEqual(changed)
    expect(ours(await hook(charmDir, {}))).toEqual(['leadership.set.a'])
  })

  it('take each tool once, also when both are asked again and when they fail', async () => {
    const charmDir = charm()
    const session = await start(charmDir)
    await Promise.all([isLeader(session), leaderGet(session), leaderGet(session, 'a')])
    expect(calls(charmDir).sort()).toEqual(['is-leader', 'leader-get'])
    writeFiles(charmDir, {
      'tools/leader-get': '#!/bin/bash\necho leader-get >>calls; echo no >&2; exit 1\n',
      calls: '',
    })
    const failing = await start(charmDir)
    await expect(leaderGet(failing, 'a')).rejects.toThrow('leader-get --format=json failed with status 1: no')
    await endAutomaticFlags(failing)
    expect(calls(charmDir).sort()).toEqual(['is-leader', 'leader-get'])
  })

  it('stay as they are, with a warning, when one of the tools fails', async () => {
    const charmDir = charm()
    writeFiles(charmDir, { 'leader.json': 'true', 'settings.json': '{"a": "1"}' })
    await hook(charmDir, {})
    writeFiles(charmDir, {
      'tools/leader-get': '#!/bin/bash\necho ERROR no >&2; exit 1\n',
      'leader.json': 'false',
    })
    const session = await start(charmDir)
    expect(ours(getFlags(session))).toEqual(['leadership.set.a'])
    await session.log.flush()
    expect(session.logged).toEqual([
      'WARNING leadership flags stay as they are: leader-get --format=json failed with status 1: ERROR no',
    ])
    await endAutomaticFlags(session)
    await session.state.commit()
    writeFiles(charmDir, {
      'tools/leader-get': LEADERSHIP['tools/leader-get'],
      'tools/is-leader': '#!/bin/bash\nexit 1\n',
      'settings.json': '{"a": "2"}',
    })
    expect(ours(await hook(charmDir, {}))).toEqual([
      'leadership.changed',
      'leadership.changed.a',
      'leadership.set.a',
    ])
  })

  it('start from the settings that the Python original knew', async () => {
    const charmDir = charm()
    writeFiles(charmDir, { 'settings.json': '{"a": "1", "b": "2"}' })
    const before = await startSession({ charmDir })
    kvSet(before, 'leadership.settings.a', '1')
    await before.state.commit()
    expect(ours(await hook(charmDir, {}))).toEqual([
      'leadership.changed',
      'leadership.changed.b',
      'leadership.set.a',
      'leadership.set.b',
    ])
  })

  it("skip names that make no flag, know __proto__, and leave a charm's own flags alone", async () => {
    const charmDir = charm()
    writeFiles(charmDir, { 'settings.json': '{"a\\nb": "1", "__proto__": "2"}' })
    const session = await start(charmDir)
    setFlag(session, 'leadership.changed.mine')
    expect(ours(getFlags(session))).toEqual([
      'leadership.changed',
      'leadership.changed.__proto__',
      'leadership.changed.mine',
      'leadership.set.__proto__',
    ])
    await endAutomaticFlags(session)
    expect(ours(getFlags(session))).toEqual(['leadership.changed.mine', 'leadership.set.__proto__'])
    await session.state.commit()
    expect((await start(charmDir)).state.has('flag:leadership.changed')).toBe(false)
  })
})

it('asks all three tools at the same time', async () => {
  const wait = (tool: string, others: string[], answer: string) =>
    `#!/bin/bash\n: >${tool}.here\nfor i in {1..100}; do [[ -e ${others.join('.here && -e ')}.here ]] && echo '${answer}' && exit; sleep 0.05; done\nexit 1\n`
  const charmDir = makeCharm({
    'metadata.yaml': 'name: app\n',
    'tools/config-get': wait('config', ['leader', 'settings'], '{}'),
    'tools/is-leader': wait('leader', ['config', 'settings'], 'true'),
    'tools/leader-get': wait('settings', ['config', 'leader'], '{}'),
  })
  expect(await hook(charmDir, {})).toEqual(['leadership.is_leader'])
})
