// The charm's own hooks/* and actions/* under `dispatch`, where Juju never looks at them.

import { describe, expect, it } from 'vitest'
import { oneIn } from '../effort.ts'
import { ask, bash, flags, lines, logged, ran, remarks, startUnit, traces } from '../end-to-end/charm.ts'

/** Every run has some of these tests, the full set all. */
const some = oneIn(2)

const ACTIONS = 'backup: {description: Back up}\n'
const DISPATCH = '#!/bin/sh\nexec charms.reactive main\n'
const AFTER = bash(
  '@when by-script\nafter() { echo handler >>order; }\n@hook install\nhooked() { echo hook >>order; }',
)

describe("the charm's own hook script", () => {
  some('runs first, its changes belong to the hook, and handlers see them', async () => {
    const unit = await startUnit({
      dispatch: DISPATCH,
      'reactive/app.sh': AFTER,
      'hooks/install': `#!/bin/bash
echo "script $JUJU_HOOK_NAME $PWD $(config_get title 2>/dev/null)" >>order
set_flag by-script
charms.reactive hook install && echo in-the-hook >>order
`,
    })
    const result = await unit.run({ name: 'install' })
    expect(result).toMatchObject({ exitStatus: 0, stdout: '', stderr: '' })
    expect(lines(unit, 'order')).toEqual([
      `script install ${unit.charmDir} `,
      'in-the-hook',
      'hook',
      'handler',
    ])
    expect(logged(result)[0]).toBe("INFO Running the charm's own script: hooks/install")
    expect(flags(unit)).toEqual(['by-script'])
    // Other hooks have no script.
    expect(ran(await unit.run({ name: 'start' }))).toEqual(['reactive/app.sh:after'])
  })

  some('fails the hook with its own status when it fails, and nothing is kept', async () => {
    const unit = await startUnit({
      dispatch: DISPATCH,
      'reactive/app.sh': AFTER,
      'hooks/install': '#!/bin/bash\nset_flag by-script\necho text; echo trouble >&2\nexit 7\n',
      'hooks/start': '#!/bin/bash\nkill -TERM $$\n',
    })
    const failed = await unit.run({ name: 'install' })
    const message = "the charm's own script failed with status 7: hooks/install"
    expect(failed).toMatchObject({ exitStatus: 7, stdout: 'text\n' })
    expect(failed.stderr).toBe('trouble\n')
    expect(remarks(failed)).toContain(`ERROR ${message}`)
    expect(lines(unit, 'order')).toEqual([])
    expect(flags(unit)).toEqual([])
    expect((await traces(unit))[0]).toMatchObject({ event: 'install', status: 7, error: message })
    expect((await unit.run({ name: 'start' })).exitStatus).toBe(143)
  })

  some(
    'that is the stub of the Python original never runs, and one that only names the same does',
    async () => {
      const template = `#!/usr/bin/env python3
import sys
sys.path.append('lib')
from charms.layer import basic
basic.bootstrap_charm_deps()
from charms.reactive import main
main()
`
      const unit = await startUnit({
        dispatch: DISPATCH,
        'reactive/app.sh': AFTER,
        'hooks/install': template,
        'hooks/start':
          '#!/bin/bash\n# basic.bootstrap_charm_deps() and main() come later\necho own >>order\n',
      })
      expect(await unit.run({ name: 'install' })).toMatchObject({ exitStatus: 0, stderr: '' })
      expect(lines(unit, 'order')).toEqual(['hook'])
      expect(await unit.run({ name: 'start' })).toMatchObject({ exitStatus: 0, stderr: '' })
      expect(lines(unit, 'order')).toEqual(['hook', 'own'])
    },
  )

  it.each([
    ['charms.reactive main', 'exec charms.reactive main'],
    ['charms.reactive main with its name', 'exec charms.reactive main "${0##*/}"'],
    ['charms.reactive main, and goes on', 'charms.reactive main || exit\necho end >>order'],
  ])('that calls %s runs once, and so do the handlers', async (_, call) => {
    const unit = await startUnit({
      dispatch: DISPATCH,
      'reactive/app.sh': AFTER,
      'hooks/install': `#!/bin/bash\necho script >>order\nset_flag by-script\n${call}\n`,
    })
    expect(await unit.run({ name: 'install' })).toMatchObject({ exitStatus: 0, stderr: '' })
    const end = call.includes('end') ? ['end'] : []
    expect(lines(unit, 'order')).toEqual(['script', 'hook', 'handler', ...end])
    expect(flags(unit)).toEqual(['by-script'])
  })

  some('that calls charms.reactive main shows the failure of the handler, once', async () => {
    const unit = await startUnit({
      dispatch: DISPATCH,
      'reactive/app.sh': bash('@hook install\nf() { exit 5; }'),
      'hooks/install': '#!/bin/bash\nexec charms.reactive main\n',
    })
    const message = 'handler reactive/app.sh:f failed with status 5 at reactive/app.sh:4: exit 5'
    const result = await unit.run({ name: 'install' })
    expect(result.exitStatus).toBe(5)
    expect(remarks(result).filter((line) => line.startsWith('ERROR '))).toEqual([`ERROR ${message}`])
    expect(result.stderr).toBe('')
  })

  some('that Juju or the charm itself starts is not run again', async () => {
    const script = '#!/bin/bash\necho script >>order\nexec charms.reactive main "${0##*/}"\n'
    const direct = await startUnit({ 'reactive/app.sh': AFTER, 'hooks/install': script })
    expect(await direct.run({ name: 'install' })).toMatchObject({ exitStatus: 0, stderr: '' })
    expect(lines(direct, 'order')).toEqual(['script', 'hook'])
    const nested = await startUnit({
      dispatch: '#!/bin/sh\nexec "./$JUJU_DISPATCH_PATH"\n',
      'reactive/app.sh': AFTER,
      'hooks/install': script,
    })
    expect(await nested.run({ name: 'install' })).toMatchObject({ exitStatus: 0, stderr: '' })
    expect(lines(nested, 'order')).toEqual(['script', 'hook'])
  })

  some('that starts another dispatch beside this one is not run by it', async () => {
    const unit = await startUnit({
      dispatch: DISPATCH,
      'hooks/install':
        '#!/bin/bash\necho script >>order\nenv -u CHARMS_REACTIVE_CHANNEL charms.reactive main\n',
    })
    expect(await unit.run({ name: 'install' })).toMatchObject({ exitStatus: 0, stderr: '' })
    expect(lines(unit, 'order')).toEqual(['script'])
  })

  some('is no stub of ours, and needs the execute bit', async () => {
    const unit = await startUnit({ 'reactive/app.sh': AFTER, 'hooks/start': 'echo no\n' })
    expect(await ask(unit, 'hooks', 'install')).toContain("kept the charm's own hooks/start\n")
    const install = await unit.run({ name: 'install' })
    expect(install).toMatchObject({ exitStatus: 0, stderr: '' })
    expect(logged(install).join()).not.toContain('own script')
    expect(lines(unit, 'order')).toEqual(['hook'])
    expect(remarks(await unit.run({ name: 'start' }))).toEqual([
      "WARNING the charm's own script does not run, because it is not executable: hooks/start",
    ])
  })

  some('runs in a restricted hook as well', async () => {
    const unit = await startUnit({
      dispatch: DISPATCH,
      'hooks/collect-metrics': '#!/bin/bash\nadd-metric users=3\n',
    })
    expect(await unit.run({ name: 'collect-metrics' })).toMatchObject({
      exitStatus: 0,
      metrics: { users: '3' },
    })
  })
})

describe("the charm's own action script", () => {
  some('keeps output, status and results as they are, and starts no handler', async () => {
    const unit = await startUnit({
      'actions.yaml': ACTIONS,
      dispatch: DISPATCH,
      'reactive/app.sh': bash('@when_not x\nhandler() { echo handler >>order; }'),
      'actions/backup': `#!/bin/bash
action-set file="$(action-get target)"
printf 'out'; printf 'err' >&2
exit "$(action-get status)"
`,
    })
    const run = (status: string) =>
      unit.run({ name: 'backup', action: { name: 'backup', params: { target: '/srv', status } } })
    expect(await run('0')).toMatchObject({
      exitStatus: 0,
      stdout: 'out',
      stderr: 'err',
      action: { results: { file: '/srv' }, failed: false },
    })
    expect(await run('9')).toMatchObject({
      exitStatus: 9,
      stdout: 'out',
      stderr: 'err',
      action: { results: { file: '/srv' }, failed: true },
    })
    expect(lines(unit, 'order')).toEqual([])
    expect((await run('0')).hookToolCalls.map(({ tool }) => tool)).not.toContain('config-get')
  })

  some('lets handlers react to the flags that it changes', async () => {
    const unit = await startUnit({
      'actions.yaml': ACTIONS,
      dispatch: DISPATCH,
      'reactive/app.sh': bash(
        '@when by-action\nhandler() { echo "handler ${JUJU_HOOK_NAME-unset}" >>order; }',
      ),
      'actions/backup': '#!/bin/bash\nset_flag by-action\n',
    })
    const result = await unit.run({ name: 'backup', action: { name: 'backup' } })
    expect(result).toMatchObject({ exitStatus: 0, stdout: '', stderr: '' })
    expect(lines(unit, 'order')).toEqual(['handler '])
    expect(flags(unit)).toEqual(['by-action'])
  })

  some('runs before the handlers of the same action', async () => {
    const unit = await startUnit({
      'actions.yaml': ACTIONS,
      dispatch: DISPATCH,
      'reactive/app.sh': bash('@action backup\nhandler() { echo handler >>order; }'),
      'actions/backup': '#!/bin/bash\necho script >>order\n',
    })
    expect(await unit.run({ name: 'backup', action: { name: 'backup' } })).toMatchObject({ exitStatus: 0 })
    expect(lines(unit, 'order')).toEqual(['script', 'handler'])
  })
})
