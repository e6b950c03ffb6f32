import { describe, expect, it } from 'vitest'
import { endAutomaticFlags, startAutomaticFlags } from '../src/automatic-flags.ts'
import { getFlags, setFlag } from '../src/flags.ts'
import { registerTrigger } from '../src/triggers.ts'
import { makeCharm, startSession, writeFiles } from './test-unit.ts'

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
    endAutomaticFlags(session)
    expect(getFlags(session).filter((flag) => flag.startsWith('config.'))).toEqual([])
    await session.state.commit()
  }
  return flags
}

const charm = () => makeCharm({ 'config.yaml': CONFIG, 'tools/config-get': TOOL })

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
      files: { 'config.yaml': CONFIG, 'tools/config-get': TOOL, 'config.json': '{}' },
    })
    const { charmDir } = session.context
    const again = await startSession({ charmDir, env: { PATH: `${charmDir}/tools:${process.env.PATH}` } })
    for (const flag of ['config.changed.mine', 'config.rendered', 'config.set.constructor'])
      setFlag(again, flag)
    await startAutomaticFlags(again)
    endAutomaticFlags(again)
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
