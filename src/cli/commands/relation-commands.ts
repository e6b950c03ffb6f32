// Relations: methods of endpoints, and the data on them without a class.

import type { Received, Selection } from '../../endpoints/published-data.ts'
import { toRecord } from '../../unit/records.ts'
import { AsHookTool, AsText } from '../output.ts'
import { type Command, done, type Option, type Options, one, parsePairs } from './command.ts'

const data = () => import('../../endpoints/published-data.ts')
const relations = () => import('../../endpoints/relation-call.ts')

const RELATION: Record<string, Option> = {
  relation: { summary: 'only this relation', value: 'ID' },
}
const APP: Record<string, Option> = {
  app: { summary: "the application's data instead of the units'" },
}

export const RELATION_COMMANDS: Record<string, Command> = {
  relation_call: {
    example: 'relation_call --endpoint db connection_string',
    summary: 'Call a method of an endpoint.',
    words: 'METHOD [ARG...]',
    kind: 'value',
    writes: true,
    options: {
      flag: { summary: 'the endpoint that the flag belongs to', value: 'FLAG' },
      state: { summary: 'the old name of --flag', value: 'FLAG' },
      relation_name: { summary: 'the old name of --endpoint', value: 'NAME' },
      endpoint: { summary: 'the endpoint with this name', value: 'NAME' },
    },
    async run(session, [method = '', ...args], options) {
      const { relationCall } = await relations()
      const flag = one(options, 'flag') ?? one(options, 'state')
      const endpoint = one(options, 'endpoint') ?? one(options, 'relation_name')
      return relationCall(session, { flag, endpoint }, method, args)
    },
  },
  relation_id: {
    example: 'relation_id db pgsql/0',
    summary: 'Print the id of the relation with a remote unit or application.',
    words: 'RELATION_NAME REMOTE',
    kind: 'value',
    writes: false,
    run: async (session, [endpoint = '', remote = '']) => ({
      value: await (await relations()).relationId(session, endpoint, remote),
    }),
  },
  name_relation_get: {
    example: 'name_relation_get db pgsql/0 host',
    summary: 'Print a value that a unit has published, or all as YAML.',
    words: 'RELATION_NAME UNIT [KEY]',
    kind: 'value',
    writes: false,
    async run(session, [endpoint = '', unit = '', key = '-']) {
      const { namedRelationData } = await data()
      const texts = await namedRelationData(session, endpoint, unit)
      return { value: new AsHookTool(key === '-' ? texts : texts[key]) }
    },
  },
  endpoint_relations: {
    example: 'endpoint_relations db',
    summary: "Print the ids of an endpoint's relations.",
    words: 'ENDPOINT',
    kind: 'value',
    writes: false,
    run: async (session, [name = '']) => ({ value: await (await data()).endpointRelations(session, name) }),
  },
  endpoint_units: {
    example: 'endpoint_units db',
    summary: 'Print the names of the remote units that are joined to an endpoint.',
    words: 'ENDPOINT',
    kind: 'value',
    writes: false,
    options: RELATION,
    run: async (session, [name = ''], options) => ({
      value: await (await data()).endpointUnits(session, name, selectionOf(options)),
    }),
  },
  endpoint_departed: {
    example: 'endpoint_departed db --clear',
    summary: 'Print the names of the units that have left an endpoint.',
    words: 'ENDPOINT',
    kind: 'value',
    writes: true,
    options: { clear: { summary: 'forget them' } },
    run: async (session, [name = ''], options) => ({
      value: await (await data()).endpointDeparted(session, name, options.clear === true),
    }),
  },
  endpoint_get: {
    example: 'endpoint_get db host',
    summary: 'Print a value that the other side has published, or all as a map.',
    words: 'ENDPOINT [KEY]',
    kind: 'value',
    writes: false,
    options: {
      ...RELATION,
      from: { summary: 'only this unit, even if it has left', value: 'UNIT' },
      ...APP,
      text: { summary: 'print texts as they were sent, not as JSON values' },
    },
    async run(session, [name = '', key], options) {
      const { endpointData } = await data()
      const fields = await endpointData(session, name, selectionOf(options))
      const shown = (received: Received) => (options.text === true ? received.text : received.value)
      if (key === undefined) {
        return {
          value: toRecord(Object.entries(fields).map(([field, received]) => [field, shown(received)])),
        }
      }
      const received = Object.hasOwn(fields, key) ? fields[key] : undefined
      if (received === undefined) return { value: null }
      // A version 1.10 is not to be printed as a number 1.1.
      const isNumber = typeof received.value === 'number'
      return { value: isNumber ? new AsText(received.value, `${received.text}\n`) : shown(received) }
    },
  },
  endpoint_set: {
    example: 'endpoint_set website port=8080',
    summary: 'Publish values when the hook succeeds; an empty value removes its key.',
    words: 'ENDPOINT KEY=VALUE...',
    kind: 'silent',
    writes: true,
    options: {
      ...RELATION,
      ...APP,
      as_json: { summary: 'publish JSON: values that parse as JSON as they are, others as strings' },
    },
    async run(session, [name = '', ...pairs], options) {
      const { publishData } = await data()
      await publishData(session, name, parsePairs(pairs), {
        ...selectionOf(options),
        json: options.as_json === true,
      })
      return done
    },
  },
}

function selectionOf(options: Options): Selection {
  return { relation: one(options, 'relation'), unit: one(options, 'from'), application: options.app === true }
}
