import { describe, expect, it } from 'vitest'
import { bash, flags, lines, remarks, startUnit } from './charm.ts'

const SHOW = `
@when_not never
function shows() { get_flags | grep '^leadership' >flags || :; }
`
const tools = (result: { hookToolCalls: { tool: string }[] }) =>
  result.hookToolCalls
    .map(({ tool }) => tool)
    .filter((tool) => tool !== 'juju-log')
    .sort()

describe('leadership', () => {
  it('moves flags when the leader shares settings, and handlers see them in the same hook', async () => {
    const unit = await startUnit(
      {
        'reactive/app.sh': bash(`
@when 'leadership.is_leader'
@when_not 'leadership.set.token'
function shares() { leader_set token='a b' url=http://x; leader_get token >got; leader_get >>got; leader_get nothing >>got; }
@when 'leadership.changed.token'
function sees() { echo "$JUJU_HOOK_NAME" >>seen; get_flags | grep '^leadership' >flags; }
`),
      },
      { state: { leader: true } },
    )
    const first = await unit.run({ name: 'install' })
    expect(first).toMatchObject({ exitStatus: 0, stderr: '' })
    expect(tools(first)).toEqual(['config-get', 'is-leader', 'leader-get', 'leader-set'])
    expect(unit.state.leaderSettings).toEqual({ token: 'a b', url: 'http://x' })
    expect(lines(unit, 'got')).toEqual(['a b', 'token: a b', 'url: http://x'])
    expect(lines(unit, 'seen')).toEqual(['install'])
    expect(lines(unit, 'flags')).toEqual([
      'leadership.changed',
      'leadership.changed.token',
      'leadership.changed.url',
      'leadership.is_leader',
      'leadership.set.token',
      'leadership.set.url',
    ])
    expect(flags(unit)).toEqual(['leadership.is_leader', 'leadership.set.token', 'leadership.set.url'])
    const next = await unit.run({ name: 'update-status' })
    expect(tools(next)).toEqual(['config-get', 'is-leader', 'leader-get'])
    expect(lines(unit, 'seen')).toEqual(['install'])
  })

  it('is told again after a hook that failed: Juju keeps what the leader wrote', async () => {
    const unit = await startUnit(
      {
        'reactive/app.sh': bash(`${SHOW}
@hook start
function shares() { leader_set token=x; [[ ! -e fail ]] || exit 4; }`),
        fail: '',
      },
      { state: { leader: true } },
    )
    expect((await unit.run({ name: 'start' })).exitStatus).toBe(4)
    expect(unit.state.leaderSettings).toEqual({ token: 'x' })
    await unit.command(['rm', 'fail'])
    await unit.run({ name: 'start' })
    expect(lines(unit, 'flags')).toEqual([
      'leadership.changed',
      'leadership.changed.token',
      'leadership.is_leader',
      'leadership.set.token',
    ])
  })

  it('belongs to one unit: the others read, and a refusal is one line', async () => {
    const unit = await startUnit(
      {
        'reactive/app.sh': bash(`${SHOW}
@hook start
function tries() { leader_set a=b 2>error; echo "$?" >status; charms.reactive leader_get url >got; }`),
      },
      { state: { leader: false, leaderSettings: { url: 'u' } } },
    )
    const result = await unit.run({ name: 'start' })
    expect(result).toMatchObject({ exitStatus: 0, stderr: '' })
    expect(lines(unit, 'status')).toEqual(['3'])
    expect(lines(unit, 'error')).toEqual([
      'charms.reactive: leader_set: leader settings could not be written: a: cannot write leadership settings: cannot write settings: not the leader',
    ])
    expect(lines(unit, 'got')).toEqual(['u'])
    expect(lines(unit, 'flags')).toEqual([
      'leadership.changed',
      'leadership.changed.url',
      'leadership.set.url',
    ])
    unit.state.leaderSettings = {}
    await unit.run({ name: 'leader-settings-changed' })
    expect(lines(unit, 'flags')).toEqual(['leadership.changed', 'leadership.changed.url'])
    await unit.run({ name: 'update-status' })
    expect(lines(unit, 'flags')).toEqual([])
  })

  it('has an API for JavaScript', async () => {
    const unit = await startUnit(
      {
        'reactive/app.mjs': `import { hook, isLeader, leaderGet, leaderSet, isFlagSet } from 'charms.reactive'
import fs from 'node:fs'
hook('start', async function shares() {
  await leaderSet({ a: '1', b: '' })
  fs.writeFileSync('got', JSON.stringify([await isLeader(), await leaderGet(), await leaderGet('b'), isFlagSet('leadership.set.a')]))
})`,
      },
      { state: { leader: true, leaderSettings: { b: '2' } } },
    )
    const result = await unit.run({ name: 'start' })
    expect(result).toMatchObject({ exitStatus: 0, stderr: '' })
    expect((await unit.command(['cat', 'got'])).stdout).toBe('[true,{"a":"1"},null,true]')
    expect(tools(result)).toEqual(['config-get', 'is-leader', 'leader-get', 'leader-set'])
  })

  it('keeps its flags with a warning when its tools fail', async () => {
    const unit = await startUnit(
      {
        'reactive/app.sh': bash(SHOW),
        dispatch: '#!/bin/sh\nPATH=$CHARM_DIR/override:$PATH exec charms.reactive main\n',
      },
      { state: { leader: true } },
    )
    await unit.run({ name: 'install' })
    await unit.command([
      'bash',
      '-c',
      'mkdir override; printf "#!/bin/sh\\nexit 1\\n" >override/is-leader; chmod +x override/*',
    ])
    const result = await unit.run({ name: 'start' })
    expect(result.exitStatus).toBe(0)
    expect(remarks(result).join()).toMatch(/^WARNING leadership flags stay as they are: is-leader/)
    expect(lines(unit, 'flags')).toEqual(['leadership.is_leader'])
  })
})
