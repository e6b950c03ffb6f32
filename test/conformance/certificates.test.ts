// The certificate example of the documentation (2.6) on a simulated model: a web application asks a certificate
// authority. Both charms in JavaScript and in bash; the fixtures are the examples of docs/relations.md.
// A sample is a certificate in one pair of languages.

import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import type { HookResult, SimulatedModel } from '../../src/simulator/testing.ts'
import type { SimulatedUnit } from '../../src/simulator/unit.ts'
import { isFull, sampled } from '../effort.ts'
import { ask, flags, given, logged } from '../end-to-end/charm.ts'
import { startModel } from '../simulator/test-model.ts'

const CHARMS = path.resolve(import.meta.dirname, '../fixtures/certificates')

interface Languages {
  requester: string
  responder: string
}

const PAIRS: [string, Languages][] = [
  ['JavaScript asks bash', { requester: 'requester', responder: 'responder' }],
  ['bash asks JavaScript', { requester: 'requester-in-bash', responder: 'responder-in-javascript' }],
  ['Python asks Python', { requester: 'requester-in-python', responder: 'responder-in-python' }],
]

/** A model in which the charms are deployed and related, and nothing is left to do. */
async function relatedCharms({ requester, responder }: Languages, { cas = 1 } = {}) {
  const model = await startModel()
  await model.deploy('web', path.join(CHARMS, requester))
  await model.deploy('ca', path.join(CHARMS, responder), { units: cas })
  model.relate('web:certs', 'ca:clients')
  const results = await settled(model)
  return { model, web: model.unit('web/0'), ca: model.unit('ca/0'), results }
}

/** Run all hooks; none of them fails, and nobody writes to stderr. */
async function settled(model: SimulatedModel): Promise<HookResult[]> {
  const results = await model.settle({ limit: 100 })
  expect(results.filter(({ exitStatus, stderr }) => exitStatus !== 0 || stderr !== '')).toEqual([])
  return results
}

const pem = (kind: string, text: string) => `-----BEGIN ${kind}-----\n${text}\n-----END ${kind}-----`
/** The certificate that a unit has. */
const certOf = ({ charmDir }: SimulatedUnit) =>
  fs.readFileSync(path.join(charmDir, 'cert.pem'), 'utf8').trim()
const signed = (text: string) => pem('CERTIFICATE', `${text} signed`)

const requestFlags = async (unit: SimulatedUnit) =>
  flags(unit).filter((flag) => /\.(has|all|new)_/.test(flag))

/** What a unit has sent on its relation that is a request or a response, by the kind of key. */
function sent({ state }: SimulatedUnit, kind: 'request' | 'response', relation = 0) {
  const entries = Object.entries(state.relations[relation]?.localUnit ?? {})
  return Object.fromEntries(entries.filter(([key]) => key.startsWith(`${kind}_`)))
}

function reissue(model: SimulatedModel, unit: SimulatedUnit) {
  return model.run(unit, { name: 'reissue', action: { name: 'reissue' } })
}

const KILL_THE_ENGINE = `#!/bin/bash
IFS=/ read -r _ _ pid _ <<<"$CHARMS_REACTIVE_CHANNEL"
kill -9 "$pid"
`

/** From now on the CA signs like that; gives how it did before. */
function signBy(unit: SimulatedUnit, script: string): string {
  const file = path.join(unit.charmDir, 'bin/sign-cert')
  const before = fs.readFileSync(file, 'utf8')
  fs.writeFileSync(file, script)
  return before
}

const ANSWERED = ['endpoint.certs.all_responses', 'endpoint.certs.has_responses']
const SERVED = ['endpoint.clients.has_requests']
const WAITING = [...SERVED, 'endpoint.clients.new_requests']

describe.each(sampled(PAIRS, 1))('%s', { timeout: 600_000 }, (_, languages) => {
  it('for a certificate, and later for another one: the first answer does not count for it', async () => {
    const { model, web, ca } = await relatedCharms(languages)
    expect(certOf(web)).toBe(signed('web/0 1'))
    expect(web.state.status.unit).toEqual({ status: 'active', message: 'has a certificate' })
    expect([await requestFlags(web), await requestFlags(ca)]).toEqual([ANSWERED, SERVED])
    const [[key = '', text] = []] = Object.entries(sent(web, 'request'))
    const id = key.slice('request_'.length)
    expect(id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
    // What Python's json.dumps would write.
    const csr = pem('CERTIFICATE REQUEST', 'web/0 1').replaceAll('\n', '\\n')
    expect(text).toBe(`{"csr_data": "${csr}", "request_id": "${id}"}`)
    const answer = pem('CERTIFICATE', 'web/0 1 signed').replaceAll('\n', '\\n')
    expect(sent(ca, 'response')).toEqual({ [`response_${id}`]: `{"signed_cert": "${answer}"}` })

    expect(await reissue(model, web)).toMatchObject({ exitStatus: 0, stderr: '' })
    expect(await requestFlags(web)).toEqual(['endpoint.certs.has_responses'])
    expect(certOf(web)).toBe(signed('web/0 1'))
    await settled(model)
    expect(certOf(web)).toBe(signed('web/0 2'))
    expect(await requestFlags(web)).toEqual(ANSWERED)
    expect(Object.keys(sent(web, 'request'))).toHaveLength(2)
    expect(Object.keys(sent(ca, 'response'))).toHaveLength(2)
  })

  it.runIf(isFull)('from two units and a second application: each gets its own', async () => {
    const { model, ca } = await relatedCharms(languages)
    await model.addUnit('web')
    await model.deploy('shop', path.join(CHARMS, languages.requester))
    model.relate('shop:certs', 'ca:clients')
    await settled(model)
    const units = ['web/0', 'web/1', 'shop/0'].map((name) => model.unit(name))
    expect(units.map(certOf)).toEqual(['web/0 1', 'web/1 1', 'shop/0 1'].map(signed))
    expect(await requestFlags(ca)).toEqual(SERVED)
    expect([0, 1].map((relation) => Object.keys(sent(ca, 'response', relation)).length)).toEqual([2, 1])
  })

  it.runIf(isFull)(
    'while the CA is down: it signs after its restart, also in a hook of something else',
    async () => {
      const { model, web, ca } = await relatedCharms(languages)
      const signing = signBy(ca, KILL_THE_ENGINE)
      await reissue(model, web)
      const killed = (await model.settle({ limit: 100 })).filter(({ exitStatus }) => exitStatus !== 0)
      expect(killed.map(({ event }) => event.name)).toEqual(['clients-relation-changed'])
      expect(Object.keys(sent(ca, 'response'))).toHaveLength(1)
      signBy(ca, signing)
      const [retried] = await model.settle({ retry: true, limit: 100 })
      expect(retried).toMatchObject({ unit: 'ca/0', exitStatus: 0 })
      expect(certOf(web)).toBe(signed('web/0 2'))
      expect(Object.keys(sent(ca, 'response'))).toHaveLength(2)

      given(ca, 'ca.paused')
      await reissue(model, web)
      await settled(model)
      expect(await requestFlags(ca)).toEqual(WAITING)
      const idle = await model.run(ca, { name: 'update-status' })
      expect(idle.hookToolCalls.filter(({ tool }) => tool === 'relation-get')).toEqual([])
      await ask(ca, 'clear_flag', 'ca.paused')
      expect(await model.run(ca, { name: 'update-status' })).toMatchObject({ exitStatus: 0, stderr: '' })
      expect(await requestFlags(ca)).toEqual(SERVED)
      await settled(model)
      expect(certOf(web)).toBe(signed('web/0 3'))
    },
  )

  it.runIf(isFull)('of two units, either of which may answer, and anew on another relation', async () => {
    const { model, web, ca } = await relatedCharms(languages, { cas: 2 })
    expect(certOf(web)).toBe(signed('web/0 1'))
    const answers = [ca, model.unit('ca/1')].map((unit) => Object.keys(sent(unit, 'response')))
    expect(answers[0]).toHaveLength(1)
    expect(answers[1]).toEqual(answers[0])
    model.removeUnit(ca)
    await settled(model)
    expect(await requestFlags(web)).toEqual(ANSWERED)
    model.removeRelation(0)
    await settled(model)
    expect([await requestFlags(web), await requestFlags(model.unit('ca/1'))]).toEqual([[], []])
    model.relate('web:certs', 'ca:clients')
    await settled(model)
    expect(certOf(web)).toBe(signed('web/0 2'))
  })
})

it.runIf(isFull)(
  'warns once of a request that is none, and serves the others',
  { timeout: 120_000 },
  async () => {
    const [, languages] = PAIRS[1] as (typeof PAIRS)[number]
    const { model, ca } = await relatedCharms(languages)
    const [databag] = Object.values(ca.state.relations[0]?.remoteUnits ?? {})
    Object.assign(databag ?? {}, {
      request_list: '[1]',
      request_other: '{"request_id": "x", "csr_data": "y"}',
      request___proto__: '{"__proto__": {"request_id": "__proto__"}}',
      'request_$(id)': '{"request_id": "$(id)"}',
    })
    const results = await settled(model)
    const rest = 'relation data of web/0 on clients:0 is skipped'
    expect(results.flatMap(logged).filter((line) => line.startsWith('WARNING'))).toEqual([
      `WARNING ${rest}, a request id consists of letters, digits and _.:@/+-: "request_$(id)"`,
      `WARNING ${rest}, request_id is not the id of the key: "request___proto__"`,
      `WARNING ${rest}, a request is a JSON map: "request_list"`,
      `WARNING ${rest}, request_id is not the id of the key: "request_other"`,
    ])
    expect(await requestFlags(ca)).toEqual(['endpoint.clients.has_requests'])
    await model.addUnit('web')
    const later = await settled(model)
    expect(later.flatMap(logged).filter((line) => line.startsWith('WARNING'))).toEqual([])
    expect(certOf(model.unit('web/1'))).toBe(signed('web/1 1'))
  },
)
