import { afterEach, describe, expect, it } from 'vitest'
import { ENDPOINT_FLAGS } from '../../src/dispatch/automatic-flags/endpoint-flags.ts'
import { findEndpointClass } from '../../src/endpoints/endpoint-classes.ts'
import { type AnyEndpointClass, endpointsOf } from '../../src/endpoints/endpoints.ts'
import { relationCall } from '../../src/endpoints/relation-call.ts'
import { BaseRequest } from '../../src/endpoints/requests/base-request.ts'
import { BaseResponse } from '../../src/endpoints/requests/base-response.ts'
import { Field } from '../../src/endpoints/requests/field.ts'
import { RequesterEndpoint, ResponderEndpoint } from '../../src/endpoints/requests/request-endpoint.ts'
import { setCurrent } from '../../src/unit/current-session.ts'
import { getFlags, setFlag } from '../../src/unit/flags.ts'
import { makeCharm, startSession, type TestSession } from '../test-unit.ts'

class CertResponse extends BaseResponse {
  static signedCert = new Field('The certificate.')
  declare signedCert: string
}

class CertRequest extends BaseRequest {
  static override RESPONSE_CLASS = CertResponse
  static csrData = new Field('The request.')
  static sans = new Field('Names.', { name: 'subject-names' })
  declare csrData: string
  declare sans: string[] | null
}

class Requester extends RequesterEndpoint {
  static override REQUEST_CLASS = CertRequest
}

class Responder extends ResponderEndpoint {
  static override REQUEST_CLASS = CertRequest
}

const METADATA = `name: app
requires:
  certs: {interface: tls}
  more: {interface: tls}
provides:
  clients: {interface: tls}
peers:
  ring: {interface: ring}
`
/** Relations by their ids, with the data of each unit; those of `app/0` are this unit's own. */
type Data = Record<string, Record<string, Record<string, string>>>

/** Hook tools that tell what the data says, from files. */
function toolsFor(data: Data): Record<string, string> {
  const ids = (endpoint: string) => Object.keys(data).filter((id) => id.startsWith(`${endpoint}:`))
  const members = (id: string) => Object.keys(data[id] ?? {}).filter((unit) => unit !== 'app/0')
  const texts: Record<string, string> = {}
  for (const endpoint of ['certs', 'more', 'clients', 'ring']) {
    texts[`data/ids/${endpoint}.json`] = JSON.stringify(ids(endpoint))
  }
  for (const [id, units] of Object.entries(data)) {
    texts[`data/${id}/members.json`] = JSON.stringify(members(id))
    for (const [unit, values] of Object.entries(units))
      texts[`data/${id}/${unit}.json`] = JSON.stringify(values)
  }
  return {
    ...texts,
    'tools/relation-ids': '#!/bin/bash\ncat "data/ids/${!#}.json"\n',
    'tools/relation-list':
      '#!/bin/bash\n[[ $* != *--app* ]] || exec echo \'"other"\'\ncat "data/$2/members.json"\n',
    'tools/relation-get': '#!/bin/bash\ncat "data/$2/${!#}.json" 2>/dev/null || echo "{}"\n',
    'tools/relation-set': '#!/bin/bash\nprintf "%s " "$@" >>sent; cat >>sent\n',
    'tools/is-leader': '#!/bin/bash\necho false\n',
  }
}

const CLASSES: Record<string, AnyEndpointClass> = { certs: Requester, more: Requester, clients: Responder }

/** The beginning of a hook of the endpoint. */
async function startHook(data: Data, { hook = 'certs', classes = CLASSES } = {}): Promise<TestSession> {
  const charmDir = makeCharm({ 'metadata.yaml': METADATA, ...toolsFor(data) })
  return hookOf(charmDir, hook, classes)
}

async function hookOf(charmDir: string, hook: string, classes = CLASSES): Promise<TestSession> {
  const session = await startSession({
    charmDir,
    env: {
      PATH: `${charmDir}/tools:${process.env.PATH}`,
      JUJU_UNIT_NAME: 'app/0',
      JUJU_HOOK_NAME: `${hook}-relation-changed`,
      JUJU_RELATION: hook,
      JUJU_RELATION_ID: `${hook}:1`,
    },
  })
  for (const [name, endpointClass] of Object.entries(classes)) {
    endpointsOf(session).implement(name, endpointClass)
  }
  setCurrent({ session, registrar: { decorate: () => undefined, expectFunction: () => () => undefined } })
  await ENDPOINT_FLAGS.ask?.(session)
  await ENDPOINT_FLAGS.atStart(session)
  return session
}

afterEach(() => setCurrent(undefined))

/** The endpoint as handlers get it. */
function find<T>(session: TestSession, name: string, kind: new (...args: never[]) => T): T {
  const endpoint = endpointsOf(session).endpoint(name)
  if (!(endpoint instanceof kind)) throw new Error(`not that kind: ${name}`)
  return endpoint
}

const certsOf = (session: TestSession) => {
  const certs = find(session, 'certs', Requester)
  const [first, second] = certs.relations
  if (first === undefined) throw new Error('no relation')
  return { certs, first, second: second ?? first }
}

const requestFlags = (session: TestSession) =>
  getFlags(session).filter((flag) => /\.(has|all|new)_/.test(flag))

const request = (id: string, fields: object = {}) => JSON.stringify({ ...fields, request_id: id })

const RELATED = { 'certs:1': { 'ca/0': {} } }

describe('fields', () => {
  it('are properties, under the names that Python would give them in relation data', async () => {
    const { certs, first } = certsOf(await startHook(RELATED))
    const made = certs.createRequest(first, { requestId: 'a', csrData: 'text' }) as CertRequest
    made.sans = ['ü']
    expect(first.toPublishRaw.request_a).toBe(
      '{"csr_data": "text", "request_id": "a", "subject-names": ["\\u00fc"]}',
    )
    expect([made.requestId, made.csrData, made.sans]).toEqual(['a', 'text', ['ü']])
    expect(JSON.stringify(made)).toBe('{"request_id":"a","csr_data":"text","subject-names":["ü"]}')
  })

  it.each([
    ['csrURL', 'csr_url'],
    ['URLOfCA', 'url_of_ca'],
    ['ipv4Address', 'ipv4_address'],
    ['already_so', 'already_so'],
    ['name', 'name'],
  ])('of a class that extends another one: %s is %s', async (property, name) => {
    class More extends CertRequest {}
    Object.defineProperty(More, property, { value: new Field(), enumerable: true })
    class Certs extends RequesterEndpoint {
      static override REQUEST_CLASS = More
    }
    const session = await startHook(RELATED, { classes: { certs: Certs } })
    const certs = find(session, 'certs', Certs)
    const made = certs.createRequest(certs.relations[0] as never, { [property]: 1, csr_data: 'x' })
    expect(Reflect.get(made, property)).toBe(1)
    expect(made.toJSON()).toMatchObject({ [name]: 1, csr_data: 'x' })
  })

  it('are JSON, and none that the class does not have', async () => {
    const { certs, first } = certsOf(await startHook(RELATED))
    const made = certs.createRequest(first, { csrData: new Date(0), sans: undefined }) as CertRequest
    expect([made.csrData, made.sans]).toEqual(['1970-01-01T00:00:00.000Z', null])
    expect(() => certs.createRequest(first, { csr: 'x' })).toThrow('CertRequest has no field: csr')
    expect(() => certs.findRequests({ toString: 'x' })).toThrow('CertRequest has no field: toString')
    expect(() => {
      made.csrData = 1n as never
    }).toThrow('a field must be JSON: csrData: bigint')
  })

  it('cannot have the name of what every request has', async () => {
    class Odd extends CertRequest {
      static respond = new Field()
    }
    class Certs extends RequesterEndpoint {
      static override REQUEST_CLASS = Odd
    }
    const session = await startHook(RELATED, { classes: { certs: Certs } })
    const certs = find(session, 'certs', Certs)
    const make = () => certs.createRequest(certs.relations[0] as never)
    expect(make).toThrow('a field needs another name, since every instance has this property: respond')
  })

  it('leave the others as they are spelt when one changes', async () => {
    const own = { request_a: '{"request_id": "a", "csr_data": 1.0, "of_others": 10000000000000000000000}' }
    const { certs, first } = certsOf(await startHook({ 'certs:1': { 'ca/0': {}, 'app/0': own } }))
    const [made] = certs.requests as CertRequest[]
    if (made !== undefined) made.sans = []
    expect(first.toPublishRaw.request_a).toBe(
      '{"csr_data": 1.0, "of_others": 10000000000000000000000, "request_id": "a", "subject-names": []}',
    )
  })
})

describe('a requester', () => {
  const ANSWERED = {
    'certs:1': {
      'app/0': { request_b: request('b', { csr_data: 'B' }), 'ingress-address': '10.0.0.9' },
      'ca/10': { response_b: '{"signed_cert": "from 10"}' },
      'ca/2': { response_b: '{"signed_cert": "from 2"}' },
      'ca/1': { response_c: '{}' },
    },
    'certs:2': { 'app/0': { request_a: request('a', { csr_data: 'A' }) }, 'ca/0': {} },
  }

  it('finds its requests and their responses, that of the first unit by number', async () => {
    const session = await startHook(ANSWERED)
    const { certs, first, second } = certsOf(session)
    expect(certs.requests.map(({ requestId }) => requestId)).toEqual(['a', 'b'])
    expect(certs.responses.map((response) => response.toJSON())).toEqual([{ signed_cert: 'from 2' }])
    expect(certs.requests[1]).toBe(certs.getRequest('b'))
    expect(certs.getRequest('b')?.response).toBe(certs.responses[0])
    expect(certs.responses[0]?.request).toBe(certs.getRequest('b'))
    expect(certs.findRequest({ csrData: 'A' }, { relation: first })).toBeNull()
    expect(certs.findRequest({ csrData: 'A' }, { relation: second })?.requestId).toBe('a')
    expect(certs.responseByField({ requestId: 'a' })).toBeNull()
    const { isCreated, isReceived, ingressAddress, egressSubnets, response } = certs.getRequest('b') ?? {}
    expect([isCreated, isReceived, ingressAddress, egressSubnets]).toEqual([true, false, '10.0.0.9', null])
    expect(response?.isReceived).toBe(true)
  })

  it('finds responses by each field, also from bash', async () => {
    const session = await startHook(ANSWERED)
    const call = (method: string, ...args: string[]) =>
      relationCall(session, { flag: undefined, endpoint: 'certs' }, method, args)
    expect(await call('response_by_csr_data', 'B')).toEqual({ value: { signed_cert: 'from 2' } })
    expect(await call('response_by_request_id', 'a')).toEqual({ value: null })
    expect(await call('requests')).toMatchObject({ value: [{ request_id: 'a' }, { request_id: 'b' }] })
  })

  it('has flags: a request that it makes takes all_responses away at once', async () => {
    const session = await startHook({ 'certs:1': { ...ANSWERED['certs:1'] } })
    const both = ['endpoint.certs.all_responses', 'endpoint.certs.has_responses']
    expect(requestFlags(session)).toEqual(both)
    const { certs, first } = certsOf(session)
    certs.createRequest(first, { requestId: 'c' })
    expect(requestFlags(session)).toEqual(both)
    const made = certs.createRequest(first)
    expect(made.requestId).toMatch(/^[0-9a-f-]{36}$/)
    expect(requestFlags(session)).toEqual(['endpoint.certs.has_responses'])
  })

  it('has no all_responses without a request', async () => {
    const session = await startHook({ 'certs:1': { 'ca/0': { response_x: '{"signed_cert": "x"}' } } })
    expect(requestFlags(session)).toEqual([])
  })

  it('changes a request that it finds, or makes one', async () => {
    const session = await startHook(ANSWERED)
    const { certs, first } = certsOf(session)
    const old = CertRequest.createOrUpdate(['csrData'], first, { csrData: 'B', sans: ['b'] })
    expect([old.requestId, old.sans, old.response?.getField('signed_cert')]).toEqual(['b', ['b'], 'from 2'])
    expect(requestFlags(session)).toEqual(['endpoint.certs.has_responses'])
    const made = CertRequest.createOrUpdate(['csrData'], first, { csrData: 'A', sans: [] })
    expect(certs.requests).toContain(made)
    expect(certs.requests).toHaveLength(3)
    expect(CertRequest.createOrUpdate(['csrData'], first, { csrData: 'A', sans: ['x'] })).toBe(made)
    expect(made.sans).toEqual(['x'])
  })

  it('cannot answer itself, change an id, or what others have sent', async () => {
    const { certs, first } = certsOf(await startHook(ANSWERED))
    const made = certs.getRequest('b') as CertRequest
    expect(() => made.respond()).toThrow('only the other side can answer a request of this unit: b')
    expect(() => Object.assign(made, { requestId: 'c' })).toThrow('request_id cannot be modified: b')
    expect(() => Object.assign(made.response ?? {}, { signedCert: 'c' })).toThrow(
      'a received response cannot be changed: signed_cert',
    )
    for (const id of ['', 'a b', '-a', '*', '$(id)', 'ü', 'x'.repeat(201)]) {
      expect(() => certs.createRequest(first, { requestId: id })).toThrow(
        'a request id consists of letters, digits',
      )
    }
  })
})

describe('a responder', () => {
  const ASKED = {
    'clients:1': {
      'web/0': {
        request_b: request('b', { csr_data: 'B' }),
        'ingress-address': '10.0.0.1',
        'egress-subnets': '10.0.0.1/32',
      },
      'web/1': { request_c: request('c', { csr_data: 'C' }) },
      'app/0': { response_c: '{"signed_cert": "C!"}' },
    },
    'clients:2': { 'shop/0': { request_a: request('a', { csr_data: 'A', of_others: 1 }) } },
  }
  const HAS = 'endpoint.clients.has_requests'
  const NEW = 'endpoint.clients.new_requests'
  const startResponder = async (data: Data = ASKED) => {
    const session = await startHook(data, { hook: 'clients', classes: { clients: Responder } })
    return { session, clients: find(session, 'clients', Responder) }
  }

  it('finds the requests of all units, and answers on the relation of each', async () => {
    const { session, clients } = await startResponder()
    expect(clients.allRequests.map(({ requestId }) => requestId)).toEqual(['a', 'b', 'c'])
    const [a, b] = clients.newRequests as CertRequest[]
    expect(clients.newRequests).toHaveLength(2)
    expect([b?.csrData, b?.ingressAddress, b?.egressSubnets]).toEqual(['B', '10.0.0.1', '10.0.0.1/32'])
    const answer = b?.respond({ signedCert: 'B!' })
    expect(answer).toBe(b?.response)
    expect(requestFlags(session)).toEqual([HAS, NEW])
    a?.createResponse({ signedCert: 'A?' })
    a?.createResponse({ signedCert: 'A!' })
    expect(requestFlags(session)).toEqual([HAS])
    Object.assign(answer ?? {}, { signedCert: 'B!!' })
    const [one, two] = clients.relations
    expect(one?.toPublishRaw.response_b).toBe('{"signed_cert": "B!!"}')
    expect(two?.toPublishRaw.response_a).toBe('{"signed_cert": "A!"}')
    expect(() => Object.assign(a ?? {}, { csrData: 'x' })).toThrow(
      'a received request cannot be changed: csr_data',
    )
  })

  it('finds them by their fields', async () => {
    const { clients } = await startResponder()
    expect(CertRequest.find({ csrData: 'B' })).toBe(clients.getRequest('b'))
    expect(CertRequest.findAll({ sans: null })).toHaveLength(3)
    expect(CertRequest.getAll()).toEqual(clients.allRequests)
    expect([CertRequest.get('c')?.response?.getField('signed_cert'), CertRequest.get('x')]).toEqual([
      'C!',
      null,
    ])
    expect(() => CertRequest.create(clients.relations[0] as never)).toThrow(
      'the endpoint does not send requests: clients',
    )
  })

  it('skips what is no request, with a warning for each', async () => {
    const bad = {
      request_a: '[]',
      request_b: '{"request_id": 1}',
      request_c: 'text',
      request_: '{"request_id": ""}',
      'request_$(id)': '{"request_id": "$(id)"}',
      request___proto__: '{"__proto__": {"request_id": "__proto__"}}',
      request_deep: '['.repeat(10_000) + ']'.repeat(10_000),
      requested: '1',
      'ingress-address': '10.0.0.1',
    }
    const good = { request_ok: request('ok'), request_a: request('a') }
    const twin = { request_ok: request('ok', { csr_data: 'other' }) }
    const { session, clients } = await startResponder({
      'clients:1': { 'web/0': bad, 'web/1': good, 'web/2': twin },
    })
    expect(clients.allRequests.map(({ requestId }) => requestId)).toEqual(['a', 'ok'])
    await session.log.flush()
    const told = session.logged.map((line) =>
      line.replace('relation data of ', '').replace(' on clients:1', ''),
    )
    expect(told).toEqual([
      'WARNING web/0: the value is nested too deeply, so it stays text: "request_deep"',
      'WARNING web/0 is skipped, a request is a JSON map: "request_a"',
      'WARNING web/0 is skipped, request_id is not the id of the key: "request_b"',
      'WARNING web/0 is skipped, a request is a JSON map: "request_c"',
      'WARNING web/0 is skipped, a request id consists of letters, digits and _.:@/+-: "request_"',
      'WARNING web/0 is skipped, a request id consists of letters, digits and _.:@/+-: "request_$(id)"',
      'WARNING web/0 is skipped, request_id is not the id of the key: "request___proto__"',
      'WARNING web/2 is skipped, another unit has a request with this id: "request_ok"',
    ])
    await session.state.commit()
    const again = await hookOf(session.context.charmDir, 'clients', { clients: Responder })
    await again.log.flush()
    expect(again.logged).toEqual([])
  })
})

describe('endpoints that share a class of requests', () => {
  const BOTH = { 'certs:1': { 'ca/0': {} }, 'more:2': { 'ca/0': {} } }

  it('do not see those of each other', async () => {
    const session = await startHook(BOTH)
    const [certs, more] = [find(session, 'certs', Requester), find(session, 'more', Requester)]
    const made = CertRequest.create(certs.relations[0] as never, { csrData: 'x' })
    expect([certs.requests, more.requests]).toEqual([[made], []])
    expect(CertRequest.find({}, { relation: more.relations[0] as never })).toBeNull()
    expect(() => CertRequest.getAll()).toThrow(
      'ask one of the endpoints that use CertRequest: certs, clients, more',
    )
  })

  it('are named where there is none', async () => {
    const session = await startHook(BOTH, { classes: {} })
    const [relation] = endpointsOf(session).endpoint('certs')?.relations ?? []
    expect(() => CertRequest.create(relation as never)).toThrow('no endpoint uses CertRequest: certs')
  })

  it('keep nothing for the next hook', async () => {
    const { certs, first } = certsOf(await startHook(BOTH))
    certs.createRequest(first)
    const next = certsOf(await startHook(BOTH))
    expect(next.certs.requests).toEqual([])
  })
})

it('wants both classes to be named', async () => {
  class NoRequest extends RequesterEndpoint {}
  class Bare extends BaseRequest {}
  class NoResponse extends ResponderEndpoint {
    static override REQUEST_CLASS = Bare
  }
  await expect(startHook(RELATED, { classes: { certs: NoRequest } })).rejects.toThrow(
    'the endpoint class has no REQUEST_CLASS: NoRequest',
  )
  await expect(startHook(RELATED, { classes: { certs: NoResponse } })).rejects.toThrow(
    'the request class has no RESPONSE_CLASS: Bare',
  )
})

it('takes the base classes for no class of an interface layer', () => {
  expect(findEndpointClass({ RequesterEndpoint, ResponderEndpoint })).toBeUndefined()
  expect(findEndpointClass({ RequesterEndpoint, ResponderEndpoint, Responder })).toBe(Responder)
})

describe('an endpoint without a class', () => {
  const start = (data: Data, hook = 'clients') => startHook(data, { hook, classes: {} })

  it('has the flags of requests as soon as there is one', async () => {
    const session = await start({ 'clients:1': { 'web/0': { request_a: request('a') }, 'web/1': {} } })
    expect(requestFlags(session)).toEqual(['endpoint.clients.has_requests', 'endpoint.clients.new_requests'])
  })

  it('of peers may ask and answer', async () => {
    const [own, other] = [
      { request_a: request('a'), response_b: '{}' },
      { request_b: request('b'), response_a: '{}' },
    ]
    const session = await start({ 'ring:1': { 'app/0': own, 'app/1': other } }, 'ring')
    expect(requestFlags(session)).toEqual(
      ['all_responses', 'has_requests', 'has_responses'].map((word) => `endpoint.ring.${word}`),
    )
  })

  it.each([
    ['requests without an id', { request_timeout: '{"a": 1}', response_x: 'text' }, ['web/0', 'web']],
    ['responses to nothing', { response_x: '{}' }, ['web/0', 'web', 'app/0']],
  ])('keeps flags of the charm that only look like these, with %s', async (_, sent, read) => {
    const charmDir = makeCharm({
      'metadata.yaml': METADATA,
      ...toolsFor({ 'clients:1': { 'web/0': sent } } as Data),
    })
    const before = await startSession({ charmDir, env: { JUJU_UNIT_NAME: 'app/0' } })
    setFlag(before, 'endpoint.clients.has_requests')
    await before.state.commit()
    const session = await hookOf(charmDir, 'clients', {})
    expect(requestFlags(session)).toEqual(['endpoint.clients.has_requests'])
    expect(
      new Set(
        endpointsOf(session)
          .facts.known()
          .map(({ owner }) => owner),
      ),
    ).toEqual(new Set(read))
  })
})

it('takes the flags away with the endpoint, when an upgrade removes it', async () => {
  const charmDir = makeCharm({ 'metadata.yaml': METADATA, ...toolsFor(RELATED) })
  const before = await startSession({ charmDir, env: { JUJU_UNIT_NAME: 'app/0' } })
  for (const word of ['has_responses', 'all_responses', 'has_requests', 'new_requests', 'has_more']) {
    setFlag(before, `endpoint.gone.${word}`)
  }
  await before.state.commit()
  expect(requestFlags(await hookOf(charmDir, 'certs'))).toEqual(['endpoint.gone.has_more'])
})
