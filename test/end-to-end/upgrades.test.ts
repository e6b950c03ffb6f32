import { expect, it } from 'vitest'
import { bash, flags, given, lines, startUnit } from './charm.ts'

/** The handlers of documentation 2.8.3, in bash. */
const SERIES = bash(`
@when 'charm.application.started'
@when 'upgrade.series.in-progress'
function disable_application() {
  echo "disable in $JUJU_HOOK_NAME" >>seen
  set_flag 'charm.application.disabled'
}

@when 'charm.application.disabled'
@when_not 'upgrade.series.in-progress'
function enable_application() {
  echo "enable in $JUJU_HOOK_NAME" >>seen
  clear_flag 'charm.application.disabled'
}

register_trigger --when upgrade.series.in-progress --set_flag saw.upgrade
`)

it('lets a charm stop and start its application around an upgrade of the series', async () => {
  const unit = await startUnit({ 'reactive/app.sh': SERIES }, { state: { jujuVersion: '2.9.0' } })
  given(unit, 'charm.application.started')
  for (const name of ['start', 'pre-series-upgrade']) {
    expect(await unit.run({ name })).toMatchObject({ exitStatus: 0, stderr: '' })
  }
  const during = [
    'charm.application.disabled',
    'charm.application.started',
    'saw.upgrade',
    'upgrade.series.in-progress',
  ]
  expect(flags(unit)).toEqual(during)
  // Juju runs nothing now, but a hook that it had queued may still come.
  await unit.run({ name: 'update-status' })
  expect(flags(unit)).toEqual(during)
  expect(lines(unit, 'seen')).toEqual(['disable in pre-series-upgrade', 'disable in update-status'])
  await unit.run({ name: 'post-series-upgrade' })
  expect(lines(unit, 'seen').slice(2)).toEqual(['enable in post-series-upgrade'])
  expect(flags(unit)).toEqual(['charm.application.started', 'saw.upgrade'])
  await unit.run({ name: 'config-changed' })
  expect(lines(unit, 'seen')).toHaveLength(3)
})

it('keeps the flag of a series upgrade as it was when the hook fails', async () => {
  const unit = await startUnit({
    'reactive/app.sh': bash('@hook {pre,post}-series-upgrade\nfunction f() { [[ ! -e fail ]] || exit 3; }'),
    fail: '',
  })
  expect((await unit.run({ name: 'pre-series-upgrade' })).exitStatus).toBe(3)
  expect(flags(unit)).toEqual([])
  await unit.command(['rm', 'fail'])
  await unit.run({ name: 'pre-series-upgrade' })
  await unit.command(['touch', 'fail'])
  await unit.run({ name: 'post-series-upgrade' })
  expect(flags(unit)).toEqual(['upgrade.series.in-progress'])
})

it('sets charm.upgraded for exactly the hook upgrade-charm, in its retry, too', async () => {
  const unit = await startUnit({
    'reactive/app.sh': bash(
      '@when charm.upgraded\nfunction f() { echo "$JUJU_HOOK_NAME" >>seen; [[ ! -e fail ]] || exit 3; }',
    ),
  })
  for (const name of ['install', 'upgrade-charm', 'config-changed']) await unit.run({ name })
  expect(lines(unit, 'seen')).toEqual(['upgrade-charm'])
  await unit.command(['touch', 'fail'])
  await unit.run({ name: 'upgrade-charm' })
  await unit.command(['rm', 'fail'])
  await unit.run({ name: 'upgrade-charm' })
  expect(lines(unit, 'seen')).toHaveLength(3)
  expect(flags(unit)).toEqual([])
})
