import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { readContext, underRoot } from '../../src/juju/context.ts'
import { makeCharm, makeDir } from '../test-unit.ts'

describe('the context', () => {
  it.each<[Record<string, string>, string | undefined, string, string]>([
    [{ JUJU_HOOK_NAME: 'install' }, undefined, 'install', ''],
    [{ JUJU_HOOK_NAME: 'install', JUJU_DISPATCH_PATH: 'hooks/start' }, 'stop', 'install', ''],
    [{ JUJU_HOOK_NAME: '', JUJU_DISPATCH_PATH: 'hooks/start' }, 'stop', 'start', ''],
    [{}, 'stop', 'stop', ''],
    [{}, undefined, '', ''],
    [{ JUJU_DISPATCH_PATH: 'actions/install' }, 'install', '', 'install'],
    [{ JUJU_ACTION_NAME: 'install', JUJU_HOOK_NAME: 'install' }, 'install', '', 'install'],
    [{ JUJU_DISPATCH_PATH: 'other/x' }, undefined, '', ''],
  ])('of %j, called as %s, is in the hook "%s" or the action "%s"', (env, stub, hookName, actionName) => {
    const charm = makeCharm()
    expect(readContext({ CHARM_DIR: charm, ...env }, '/', stub)).toMatchObject({ hookName, actionName })
  })

  it('knows the restricted hooks', () => {
    const charm = makeCharm()
    const restricted = (hook: string) => readContext({ CHARM_DIR: charm }, '/', hook).restricted
    expect(['collect-metrics', 'meter-status-changed', 'install', ''].map(restricted)).toEqual([
      true,
      true,
      false,
      false,
    ])
  })

  it('finds the charm dir', () => {
    const charm = makeCharm()
    expect(readContext({ CHARM_DIR: charm }, '/').charmDir).toBe(charm)
    expect(readContext({ JUJU_CHARM_DIR: charm }, '/').charmDir).toBe(charm)
    expect(readContext({ CHARM_DIR: path.basename(charm) }, path.dirname(charm)).charmDir).toBe(charm)
    expect(readContext({}, charm).charmDir).toBe(charm)
    const empty = makeDir()
    expect(() => readContext({}, empty)).toThrow(
      `no charm here: name the unit with --unit APP/N or --charm-dir DIR, or set CHARM_DIR: ${empty}`,
    )
    expect(() => readContext({ CHARM_DIR: `${charm}/none` }, charm)).toThrow(
      `the charm dir is not a directory: ${charm}/none`,
    )
    expect(() => readContext({ CHARM_DIR: `${charm}/metadata.yaml` }, charm)).toThrow('is not a directory')
  })

  it('has defaults for what is not set', () => {
    const charm = makeCharm()
    expect(readContext({ CHARM_DIR: charm }, '/')).toMatchObject({
      unitName: '',
      statePath: `${charm}/.reactive-state.db`,
      busyTimeout: 30_000,
      root: '',
      trace: false,
      channel: '',
    })
  })

  it('gives children the certificates that the launcher kept from Node', () => {
    const charm = makeCharm()
    const { env } = readContext({ CHARM_DIR: charm, CHARMS_REACTIVE_NODE_EXTRA_CA_CERTS: '/c.pem' }, '/')
    expect(env).toEqual({ CHARM_DIR: charm, NODE_EXTRA_CA_CERTS: '/c.pem' })
  })

  it('puts paths of the charm below the root of a simulated unit, but not its own files', () => {
    const charm = makeCharm()
    const plain = readContext({ CHARM_DIR: charm }, '/')
    const simulated = readContext({ CHARM_DIR: charm, CHARMS_REACTIVE_ROOT: '/root-of-unit' }, '/')
    expect(underRoot(plain, '/etc/x')).toBe('/etc/x')
    expect(underRoot(plain, 'x')).toBe(`${charm}/x`)
    expect(underRoot(simulated, '/etc/x')).toBe('/root-of-unit/etc/x')
    expect(underRoot(simulated, 'x')).toBe(`${charm}/x`)
    expect(underRoot(simulated, `${charm}/x`)).toBe(`${charm}/x`)
    expect(underRoot(simulated, `${charm}2/x`)).toBe(`/root-of-unit${charm}2/x`)
  })
})
