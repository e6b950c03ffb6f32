import { describe, expect, it } from 'vitest'
import { bash, flags, given, lines, remarks, startUnit, traces } from './charm.ts'

const CONFIG = `options:
  text: {type: string, default: hello, description: x}
  empty: {type: string, default: "", description: x}
  none: {type: string, description: x}
  zero: {type: int, default: 0, description: x}
  number: {type: float, default: 1.5, description: x}
  off: {type: boolean, default: false, description: x}
  on: {type: boolean, default: true, description: x}
`

const SHOW = bash(`
@when_not never
function shows() {
  [[ ! -e fail ]] || exit 8
  get_flags | grep '^config' >flags
}`)

const shown = (...groups: [string, string[]][]) =>
  groups.flatMap(([prefix, names]) => names.map((name) => `${prefix}${name}`)).sort()

describe('the flags for the configuration', () => {
  const all = ['empty', 'none', 'number', 'off', 'on', 'text', 'zero']

  it('say what changed, what is set and what is default, for one hook', async () => {
    const unit = await startUnit({ 'config.yaml': CONFIG, 'reactive/app.sh': SHOW })
    const first = await unit.run({ name: 'install' })
    expect(first).toMatchObject({ exitStatus: 0, stderr: '' })
    // On the very first hook every option counts as changed. 0 counts as set.
    expect(lines(unit, 'flags')).toEqual(
      shown(
        ['config.', ['changed']],
        ['config.changed.', all],
        ['config.default.', all],
        ['config.set.', ['number', 'on', 'text', 'zero']],
      ),
    )
    expect(flags(unit)).toEqual([])
    const tools = first.hookToolCalls.map(({ tool }) => tool).filter((tool) => tool !== 'juju-log')
    expect(tools.sort()).toEqual(['config-get', 'is-leader', 'leader-get'])

    await unit.run({ name: 'start' })
    expect(lines(unit, 'flags')).toEqual(
      shown(['config.default.', all], ['config.set.', ['number', 'on', 'text', 'zero']]),
    )
    unit.setConfig({ text: '', none: 'some', on: false, zero: 3 })
    await unit.run({ name: 'config-changed' })
    expect(lines(unit, 'flags')).toEqual(
      shown(
        ['config.', ['changed']],
        ['config.changed.', ['none', 'on', 'text', 'zero']],
        ['config.default.', ['empty', 'number', 'off']],
        ['config.set.', ['none', 'number', 'zero']],
      ),
    )
  })

  it('are there still after a hook that failed', async () => {
    const unit = await startUnit({ 'config.yaml': CONFIG, 'reactive/app.sh': SHOW })
    await unit.run({ name: 'install' })
    unit.setConfig({ text: 'new' })
    await unit.command(['touch', 'fail'])
    expect((await unit.run({ name: 'config-changed' })).exitStatus).toBe(8)
    await unit.command(['rm', 'fail'])
    await unit.run({ name: 'update-status' })
    expect(lines(unit, 'flags')).toContain('config.changed.text')
    expect(lines(unit, 'flags')).toContain('config.changed')
    expect(lines(unit, 'flags')).not.toContain('config.changed.on')
    await unit.run({ name: 'update-status' })
    expect(lines(unit, 'flags')).not.toContain('config.changed')
  })

  it('all count as changed in the first hook again when that failed', async () => {
    const unit = await startUnit({ 'config.yaml': CONFIG, 'reactive/app.sh': SHOW, fail: '' })
    expect((await unit.run({ name: 'install' })).exitStatus).toBe(8)
    await unit.command(['rm', 'fail'])
    await unit.run({ name: 'install' })
    expect(lines(unit, 'flags').filter((flag) => flag.startsWith('config.changed.'))).toHaveLength(7)
  })

  it('do not touch flags that a charm chose alike', async () => {
    const unit = await startUnit({ 'config.yaml': CONFIG, 'reactive/app.sh': SHOW })
    given(unit, 'config.set.mine', 'config.mine')
    await unit.run({ name: 'install' })
    expect(flags(unit)).toEqual(['config.mine', 'config.set.mine'])
  })

  it('are absent without a config.yaml, and with one that is empty', async () => {
    for (const config of [{}, { 'config.yaml': '' }, { 'config.yaml': 'options:\n' }]) {
      const unit = await startUnit({
        ...config,
        'reactive/app.sh': bash('@hook install\nf() { get_flags >flags; }'),
      })
      expect(await unit.run({ name: 'install' })).toMatchObject({ exitStatus: 0, stderr: '' })
      expect(lines(unit, 'flags')).toEqual([])
    }
  })

  it('fail the hook when config-get fails', async () => {
    const unit = await startUnit({
      'config.yaml': CONFIG,
      'reactive/app.sh': SHOW,
      'bin/x': '',
      dispatch: '#!/bin/sh\nPATH=$CHARM_DIR/override:$PATH exec charms.reactive main\n',
      'override/config-get': '#!/bin/sh\necho "ERROR no connection" >&2\nexit 1\n',
    })
    const result = await unit.run({ name: 'install' })
    expect(result.exitStatus).toBe(3)
    expect(remarks(result)).toEqual([
      'ERROR config-get --all --format=json failed with status 1: ERROR no connection',
    ])
    expect(flags(unit)).toEqual([])
  })

  it('let triggers act on them from the very first hook', async () => {
    const unit = await startUnit({
      'config.yaml': CONFIG,
      'reactive/app.sh': bash(`
register_trigger --when config.changed.text --set_flag text-was-changed
register_trigger --when_not config.changed.text --set_flag text-was-read`),
    })
    await unit.run({ name: 'install' })
    expect(flags(unit)).toEqual(['text-was-changed', 'text-was-read'])
    const [record] = await traces(unit)
    expect(record?.changesAtEnd).toContainEqual({
      flag: 'text-was-read',
      set: true,
      trigger: '-config.changed.text',
    })
  })

  it('let triggers see what was configured at deployment, in the very first hook, whichever it is', async () => {
    const unit = await startUnit(
      {
        'metadata.yaml': 'name: app\nstorage: {data: {type: filesystem}}\n',
        'config.yaml': `options:
  install_sources: {type: string, default: null, description: x}
  install_keys: {type: string, default: null, description: x}
`,
        'reactive/app.sh': bash(`
register_trigger --when config.changed.install_sources --set_flag sources.stale
register_trigger --when config.set.install_keys --set_flag keys.stale
@when sources.stale
function add_sources() { config_get install_sources >>seen; clear_flag sources.stale; }`),
      },
      {
        state: {
          config: { install_sources: '- "ppa:one"\n- ppa:two' },
          storage: { 'data/0': { kind: 'filesystem', location: '/srv' } },
        },
      },
    )
    expect(await unit.run({ name: 'data-storage-attached' })).toMatchObject({ exitStatus: 0, stderr: '' })
    expect(lines(unit, 'seen')).toEqual(['- "ppa:one"', '- ppa:two'])
    await unit.run({ name: 'install' })
    expect(lines(unit, 'seen')).toHaveLength(2)
    unit.setConfig({ install_sources: null })
    await unit.run({ name: 'config-changed' })
    // The empty line is that of an option without a value.
    expect(lines(unit, 'seen').slice(2).join('')).toBe('')
    expect((await traces(unit))[0]?.changes).toContainEqual(
      expect.objectContaining({ flag: 'sources.stale', set: true }),
    )
    expect(flags(unit)).toEqual([])
  })

  it('come from the one config-get of the hook also for config_get', async () => {
    const unit = await startUnit(
      {
        'config.yaml': CONFIG,
        'reactive/app.sh': bash(`
@hook install
function reads() {
  for option in text empty none zero number off on missing; do echo "$option=$(config_get $option)" >>seen; done
  for option in text empty none zero number off on missing; do echo "$option=$(config-get $option)" >>told; done
}`),
      },
      { state: { config: { text: 'two\n lines ' } } },
    )
    const result = await unit.run({ name: 'install' })
    expect(result.hookToolCalls.filter(({ tool }) => tool === 'config-get')).toHaveLength(9)
    expect(lines(unit, 'seen')).toEqual(lines(unit, 'told'))
    expect(lines(unit, 'seen').slice(0, 3)).toEqual(['text=two', ' lines ', 'empty='])
  })

  it('work for 300 options, of each type and without defaults', async () => {
    const kinds = ['string, default: "x"', 'int, default: 1', 'boolean, default: true', 'float', 'string']
    const names = Array.from({ length: 300 }, (_, index) => `option-${index}`)
    const options = names.map((name, index) => `  ${name}: {type: ${kinds[index % 5]}, description: x}\n`)
    const unit = await startUnit({
      'config.yaml': `options:\n${options.join('')}`,
      'reactive/app.sh': SHOW,
    })
    expect(await unit.run({ name: 'install' })).toMatchObject({ exitStatus: 0, stderr: '' })
    expect(lines(unit, 'flags')).toEqual(
      shown(
        ['config.', ['changed']],
        ['config.changed.', names],
        ['config.default.', names],
        ['config.set.', names.filter((_, index) => index % 5 < 3)],
      ),
    )
    unit.setConfig({ 'option-298': 1.5, 'option-299': 'y', 'option-2': false })
    await unit.run({ name: 'config-changed' })
    const changed = ['option-2', 'option-298', 'option-299']
    expect(lines(unit, 'flags').filter((flag) => flag.startsWith('config.changed'))).toEqual(
      shown(['config.', ['changed']], ['config.changed.', changed]),
    )
    expect(lines(unit, 'flags')).toContain('config.set.option-299')
    expect(lines(unit, 'flags')).not.toContain('config.set.option-2')
  })

  it('work for values with newlines and quotes, which handlers read as they are', async () => {
    const text = `first "line"\nit's $HOME \`x\` \\\n\n  ünï: [yes]\t#`
    const unit = await startUnit({
      'config.yaml': CONFIG,
      'reactive/app.sh': bash(`${SHOW.slice(SHOW.indexOf('@when_not'), SHOW.indexOf('reactive_handler_main'))}
@when config.changed.text
function reads() { config_get text >got; }`),
    })
    unit.setConfig({ text, none: ' ' })
    await unit.run({ name: 'install' })
    expect(lines(unit, 'got').join('\n')).toBe(text)
    await unit.run({ name: 'start' })
    expect(lines(unit, 'flags')).not.toContain('config.changed')
    expect(lines(unit, 'flags')).toContain('config.set.none')
    unit.setConfig({ text: `${text}\n` })
    await unit.run({ name: 'config-changed' })
    expect(lines(unit, 'flags').filter((flag) => flag.startsWith('config.changed'))).toEqual([
      'config.changed',
      'config.changed.text',
    ])
  })
})
