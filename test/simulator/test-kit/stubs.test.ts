import fs from 'node:fs'
import path from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { type Rule, Stubs, showCalls } from '../../../src/simulator/test-kit/stubs.ts'
import { type SimulatedUnit, simulateUnit } from '../../../src/simulator/unit.ts'
import { makeCharm } from '../test-charm.ts'

const units: SimulatedUnit[] = []
afterEach(async () => {
  for (const unit of units.splice(0)) await unit.close()
})

const RULE: Rule = {
  how: 'equal',
  open: false,
  words: [],
  status: 0,
  stdout: '',
  stderr: '',
  script: '',
  times: undefined,
  strict: false,
}

/** A unit whose hook calls the command, and its stubs. */
async function unitThatCalls(script: string) {
  const unit = await simulateUnit(makeCharm({ 'hooks/install': `#!/bin/bash\n${script}\n` }))
  units.push(unit)
  return { unit, stubs: new Stubs(unit) }
}

describe('a stub', () => {
  // What the script in the unit answers, and what the kit says of the calls, come from the same rules.
  it.each([
    ['equal', ['a', "it's $x"], ['a', "it's $x"], true],
    ['equal', ['a'], ['a', 'b'], false],
    ['equal', ['*'], ['x'], false],
    ['glob', ['*.conf', '[a-c]?'], ['x.conf', 'b1'], true],
    ['glob', ['*.conf'], ['x.cfg'], false],
    ['regexp', ['^[[:digit:]]+$'], ['123'], true],
    ['regexp', ['^a'], ['ba'], false],
  ] as const)('compares %s %j with %j alike in bash and here', async (how, words, args, fits) => {
    const quoted = args.map((arg) => `'${arg.replaceAll("'", "'\\''")}'`).join(' ')
    const { unit, stubs } = await unitThatCalls(`answer ${quoted}; echo $?`)
    stubs.add('answer', { ...RULE, strict: true, how, words, status: 7 })
    const result = await unit.run({ name: 'install' })
    expect(result.stdout).toBe(fits ? '7\n' : '1\n')
    expect(stubs.note(result.commands)).toEqual([
      { command: 'answer', args: [...args], note: fits ? '' : 'unexpected' },
    ])
    expect(stubs.problems()).toHaveLength(fits ? 0 : 1)
  })

  it('answers only so often when calls come side by side', async () => {
    const { unit, stubs } = await unitThatCalls('for i in {1..8}; do answer & done; wait')
    stubs.add('answer', { ...RULE, stdout: 'later\n' })
    stubs.add('answer', { ...RULE, stdout: 'first\n', times: 3 })
    const { stdout } = await unit.run({ name: 'install' })
    expect(stdout.split('\n').filter((line) => line === 'first')).toHaveLength(3)
    expect(stdout.split('\n').filter((line) => line === 'later')).toHaveLength(5)
  })

  it('is gone once the command is allowed', async () => {
    const { unit, stubs } = await unitThatCalls('mount --version')
    stubs.add('mount', { ...RULE, stdout: 'stub\n' })
    stubs.allow('mount')
    expect([stubs.has('mount'), stubs.sees('mount'), stubs.sees('umount')]).toEqual([false, false, true])
    expect((await unit.run({ name: 'install' })).stdout).toContain('util-linux')
    expect(fs.existsSync(path.join(unit.dir, 'bin', 'mount'))).toBe(false)
  })
})

describe('showCalls', () => {
  it('marks what was refused', () => {
    expect(showCalls([])).toBe('(no call)')
    expect(showCalls([{ command: 'mount', args: ['a b'], note: 'refused' }])).toBe("mount 'a b'   (refused)")
  })
})
