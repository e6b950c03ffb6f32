import { expect, it } from 'vitest'
import { addProxies } from '../../src/juju/proxies.ts'
import { contextOf, makeCharm } from '../test-unit.ts'

function added(env: Record<string, string>): Record<string, string> {
  const all = { ...env }
  addProxies(all)
  return Object.fromEntries(Object.entries(all).filter(([name]) => !(name in env)))
}

it('the proxies of the model get the names that programs know, in both cases', () => {
  expect(
    added({
      JUJU_CHARM_HTTP_PROXY: 'http://p:1',
      JUJU_CHARM_HTTPS_PROXY: '',
      JUJU_CHARM_NO_PROXY: '10.0.0.0/8',
    }),
  ).toEqual({
    HTTP_PROXY: 'http://p:1',
    http_proxy: 'http://p:1',
    NO_PROXY: '10.0.0.0/8',
    no_proxy: '10.0.0.0/8',
  })
  expect(added({})).toEqual({})
})

it('what the environment says already stays, under either name', () => {
  expect(added({ JUJU_CHARM_HTTP_PROXY: 'http://p:1', http_proxy: 'http://legacy' })).toEqual({})
  expect(added({ JUJU_CHARM_HTTP_PROXY: 'http://p:1', HTTP_PROXY: '' })).toEqual({})
})

it('the context has them, for whatever a hook starts', () => {
  const { env } = contextOf(makeCharm(), { JUJU_CHARM_HTTPS_PROXY: 'http://p:3128' })
  expect(env).toMatchObject({ https_proxy: 'http://p:3128', HTTPS_PROXY: 'http://p:3128' })
})
