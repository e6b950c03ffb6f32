import { describe, expect, it } from 'vitest'
import { REFUSED } from '../../src/simulator/machine-commands.ts'
import { runScript, startUnit } from './test-charm.ts'

describe('commands of the machine', () => {
  it('are not run unless a test says so, with a line that names the way out', async () => {
    const unit = await startUnit()
    const result = await runScript(
      unit,
      'systemctl restart app; echo $?; (exec apt-get install x); echo $?; env mount; echo $?',
    )
    expect(result.stdout).toBe('126\n126\n126\n')
    const line = (name: string) =>
      `${name}: not run, since it would change this machine: stub it (stub ${name}, --command ${name}) or allow it (allow_command ${name}, --allow ${name})\n`
    expect(result.stderr).toBe(['systemctl', 'apt-get', 'mount'].map(line).join(''))
    expect(result.commands).toMatchObject([
      { command: 'systemctl', args: ['restart', 'app'], cwd: unit.charmDir, refused: true },
      { command: 'apt-get', args: ['install', 'x'], refused: true },
      { command: 'mount', args: [], refused: true },
    ])
  })

  it('are all refused', async () => {
    const unit = await startUnit()
    const script = REFUSED.map(
      (name) => `${name} --version >/dev/null 2>&1; [ $? = 126 ] || echo ${name}`,
    ).join('\n')
    const result = await runScript(unit, script)
    expect(result.stdout).toBe('')
    expect(result.commands.map(({ command }) => command)).toEqual(REFUSED)
  })

  it('really run when they are allowed', async () => {
    const unit = await startUnit(undefined, { allow: ['hostname'] })
    expect(await runScript(unit, 'type -P hostname')).toMatchObject({
      stdout: expect.stringMatching(/^\/(usr\/)?bin\//),
    })
    unit.commands.stub('hostname', '#!/bin/sh\necho stubbed\n')
    expect(await runScript(unit, 'hostname')).toMatchObject({ stdout: 'stubbed\n' })
    unit.commands.allow('hostname')
    expect(await runScript(unit, 'type -P hostname')).toMatchObject({
      stdout: expect.not.stringContaining(unit.dir),
    })
  })

  it('are replaced by the scripts of a test, which are called as they are', async () => {
    const unit = await startUnit(undefined, {
      commands: { systemctl: '#!/bin/bash\ncat; printf "%s|" "$@"; exit 3\n', appctl: '#!/bin/sh\n:\n' },
    })
    const odd = ['', ' ', 'a\nb', '\\n', '$HOME', '*', "'", '"', 'ü€', '--', '-n']
    const words = odd.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ')
    const result = await runScript(
      unit,
      `systemctl ${words} <<<in; echo $?; appctl; LC_ALL=C.UTF-8 appctl $'\\xff\\xfe' ok`,
    )
    expect(result.stdout).toBe(`in\n${odd.map((word) => `${word}|`).join('')}3\n`)
    expect(result.commands.map(({ command, args }) => [command, args])).toEqual([
      ['systemctl', odd],
      ['appctl', []],
      ['appctl', ['\ufffd\ufffd', 'ok']],
    ])
    expect(result.commands.map(({ base64 }) => base64)).toEqual([undefined, undefined, ['//4=', 'b2s=']])
    expect(unit.commands.stubs).toEqual(['appctl', 'systemctl'])
  })

  it('that run side by side are all written down', async () => {
    const unit = await startUnit(undefined, { commands: { appctl: '#!/bin/sh\n:\n' } })
    const { commands } = await runScript(
      unit,
      'for ((i = 0; i < 40; i++)); do appctl $i "$(printf %5000d $i)" & done; wait',
    )
    const numbers = commands.map(({ args }) => Number(args[0])).sort((a, b) => a - b)
    expect(numbers).toEqual(Array.from({ length: 40 }, (_, index) => index))
    expect(commands.every(({ args }) => args[1]?.length === 5000)).toBe(true)
  })

  it('of one event are not those of another, nor of the operator', async () => {
    const unit = await startUnit()
    await runScript(unit, 'systemctl one || :')
    await unit.command(['sh', '-c', 'systemctl two'])
    expect((await runScript(unit, 'systemctl three || :')).commands).toMatchObject([{ args: ['three'] }])
  })
})
