// What handlers in any language print, in a simulated unit.

import { expect, it } from 'vitest'
import { bash, startUnit, traces } from './charm.ts'

it('can be opened again, and its end is in the record of a handler that fails', async () => {
  const unit = await startUnit({
    'reactive/a.sh': bash(
      'echo top >/dev/stderr\n@hook install\nf() { echo bash >/dev/stderr; echo out >/dev/stdout; }',
    ),
    'reactive/b': `#!/bin/sh
[ "$1" = --test ] && { echo word >/dev/stdout; echo tested >/dev/stderr; exit 0; }
echo "ran $2" >/dev/stderr
[ "$JUJU_HOOK_NAME" != start ] || { echo no space left; exit 7; }`,
    'reactive/c.py': `
import sys
from charms.reactive import hook
@hook('stop')
def c():
    print('python says', file=sys.stderr)
    raise ValueError('no')
`,
  })
  const installed = await unit.run({ name: 'install' })
  expect(installed).toMatchObject({ exitStatus: 0 })
  expect(installed.stderr.split('\n').sort()).toEqual(['', 'bash', 'ran word', 'tested', 'top', 'top'])
  expect(installed.stdout).toBe('out\n')
  expect(await outputs(unit)).toEqual([undefined, undefined])
  await unit.run({ name: 'start' })
  expect((await outputs(unit)).at(-1)?.split('\n').sort()).toEqual(['no space left', 'ran word'])
  const stopped = await unit.run({ name: 'stop' })
  expect(stopped.stderr).toContain('python says\n')
  expect((await outputs(unit)).at(-1)).toContain('python says')
})

async function outputs(unit: Parameters<typeof traces>[0]): Promise<(string | undefined)[]> {
  const records = await traces(unit)
  return records.flatMap(({ iterations }) => iterations.flatMap(({ ran }) => ran.map(({ output }) => output)))
}
