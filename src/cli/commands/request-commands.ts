// The request/response pattern (documentation 2.6) for charms without a class.

import type { Fields } from '../../endpoints/requests/exchange.ts'
import type { PlainRequest } from '../../endpoints/requests/plain-requests.ts'
import { ReactiveError, UsageError } from '../../errors.ts'
import { parseOrString } from '../../unit/python-json.ts'
import { toRecord } from '../../unit/records.ts'
import { AsText } from '../output.ts'
import {
  type Command,
  done,
  many,
  type Option,
  type Options,
  type Outcome,
  one,
  parsePairs,
} from './command.ts'

const requests = () => import('../../endpoints/requests/plain-requests.ts')

const RELATION: Record<string, Option> = {
  relation: { summary: 'only this relation', value: 'ID' },
}
const AS_JSON: Record<string, Option> = {
  as_json: { summary: 'values that parse as JSON are JSON, others are strings' },
}

export const REQUEST_COMMANDS: Record<string, Command> = {
  request_create: {
    example: 'request_create certs common_name=app.example.com',
    summary: 'Send a request when the hook succeeds, and print its id.',
    words: 'ENDPOINT [FIELD=VALUE...]',
    kind: 'value',
    writes: true,
    options: {
      ...RELATION,
      request_id: { summary: 'an id that no other request has; generated if it is not given', value: 'ID' },
      ...AS_JSON,
    },
    async run(session, [name = '', ...pairs], options) {
      const { createRequest } = await requests()
      const given = { relation: one(options, 'relation'), id: one(options, 'request_id') }
      return { value: await createRequest(session, name, fieldsOf(pairs, options), given) }
    },
  },
  request_list: {
    example: 'request_list clients --new',
    summary: "Print the ids of an endpoint's requests, one request, or a field of it.",
    words: 'ENDPOINT [REQUEST_ID [FIELD]]',
    kind: 'value',
    writes: false,
    options: { new: { summary: 'only requests of other units that are not answered yet' }, ...RELATION },
    async run(session, [name = '', id, field], options) {
      const { listRequests } = await requests()
      const isNew = options.new === true
      const list = await listRequests(session, name, { isNew, relation: one(options, 'relation') })
      if (id === undefined)
        return { value: new AsText(list, list.map((request) => `${request.id}\n`).join('')) }
      const request = theOnly(list, name, id)
      return field === undefined ? { value: request } : fieldOf(request.fields, field)
    },
  },
  request_respond: {
    example: 'request_respond clients q-1 cert=/etc/ssl/q-1.pem',
    summary: 'Answer a request when the hook succeeds.',
    words: 'ENDPOINT REQUEST_ID [FIELD=VALUE...]',
    kind: 'silent',
    writes: true,
    options: { ...RELATION, ...AS_JSON },
    async run(session, [name = '', id = '', ...pairs], options) {
      const { answerRequest } = await requests()
      const request = { id, relation: one(options, 'relation') }
      await answerRequest(session, name, request, fieldsOf(pairs, options))
      return done
    },
  },
  request_response: {
    example: 'request_response certs --match common_name=app.example.com',
    summary: 'Print the response to a request, or a field of it; status 1 if there is none.',
    words: 'ENDPOINT [REQUEST_ID] [FIELD]',
    kind: 'value',
    writes: false,
    options: {
      match: {
        summary: 'instead of an id: the first request whose field has this value',
        value: 'FIELD=VALUE',
        repeatable: true,
      },
      ...RELATION,
    },
    async run(session, [name = '', ...words], options) {
      const { findResponse } = await requests()
      const match = parsePairs(many(options, 'match'))
      const isMatched = Object.keys(match).length > 0
      const [id, field, more] = isMatched ? [undefined, ...words] : words
      if (id === undefined && !isMatched) throw new UsageError('a request id or --match is missing')
      if (more !== undefined) throw new UsageError(`too many words: ${more}`)
      const response = await findResponse(session, name, { id, match, relation: one(options, 'relation') })
      if (response === undefined) return { answer: false }
      return field === undefined ? { value: response } : fieldOf(response, field)
    },
  },
}

function fieldsOf(pairs: readonly string[], options: Options): Fields {
  const texts = parsePairs(pairs)
  if (options.as_json !== true) return texts
  return toRecord(Object.entries(texts).map(([field, text]) => [field, parseOrString(text)] as const))
}

function theOnly(list: readonly PlainRequest[], name: string, id: string): PlainRequest {
  const [request, ...more] = list.filter((candidate) => candidate.id === id)
  if (request === undefined) throw new ReactiveError(`${name} has no such request: ${id}`)
  if (more.length === 0) return request
  throw new ReactiveError(`several relations have a request with this id, choose one with --relation: ${id}`)
}

function fieldOf(fields: Fields, field: string): Outcome {
  return { value: fields[field] ?? null }
}
