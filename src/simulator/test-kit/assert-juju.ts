// Assertions on what Juju knows of the unit: statuses, relation data, ports.

import { UsageError } from '../../errors.ts'
import { findRelation, type Relation, type Status } from '../juju-state.ts'
import { parsePortRange, showPortRange } from '../port-ranges.ts'
import { fail, type Pairs } from './failure.ts'
import { labels, type TestKit } from './kit.ts'
import { ANY, check, type KitFunction } from './kit-function.ts'
import { assertText, howToMatch, refuteText, TEXT_OPTIONS } from './matching.ts'
import type { Options } from './words.ts'

const APP = { app: 'alone' } as const

export const JUJU_ASSERTIONS: Record<string, KitFunction> = {
  assert_status: {
    words: '[--app] STATUS [--partial | --regexp] [MESSAGE | -]',
    count: [1, 2],
    options: { ...TEXT_OPTIONS, ...APP },
    run: check((kit, [expected = '', message], options) => {
      const actual = statusOf(kit, options)
      const explain = () => historyOf(kit, options)
      if (actual.status !== expected) {
        fail(
          'status differs',
          [
            ['expected', expected],
            ['actual', showStatus(actual)],
          ],
          explain(),
        )
      }
      if (message === undefined) return
      const how = howToMatch(options)
      assertText({
        subject: 'message of the status',
        how,
        expected: message,
        actual: actual.message,
        explain,
      })
    }),
  },
  refute_status: {
    words: '[--app] STATUS [--partial | --regexp] [MESSAGE | -]',
    count: [1, 2],
    options: { ...TEXT_OPTIONS, ...APP },
    run: check((kit, [unwanted = '', message], options) => {
      const actual = statusOf(kit, options)
      const explain = () => historyOf(kit, options)
      if (actual.status !== unwanted) return
      if (message === undefined) fail('unit has the status', [['status', showStatus(actual)]], explain())
      const how = howToMatch(options)
      refuteText({
        subject: 'message of the status',
        how,
        expected: message,
        actual: actual.message,
        explain,
      })
    }),
  },
  assert_status_history: {
    words: "[--app] STATUS|'STATUS: MESSAGE'...",
    count: [1, ANY],
    options: APP,
    run: check((kit, expected, options) => {
      const actual = history(kit, options)
      const same =
        actual.length === expected.length &&
        actual.every((one, index) => isStatus(one, expected[index] ?? ''))
      if (same) return
      const shown = actual.map(showStatus).join('\n') || '(none)'
      fail(
        'status history differs',
        [
          ['expected', expected.join('\n')],
          ['actual', shown],
        ],
        kit.explain(),
      )
    }),
  },
  refute_status_history: {
    words: "[--app] STATUS|'STATUS: MESSAGE'...",
    count: [1, ANY],
    options: APP,
    run: check((kit, unwanted, options) => {
      const actual = history(kit, options)
      const found = actual.filter((one) => unwanted.some((text) => isStatus(one, text)))
      if (found.length === 0) return
      const [was, shown] = [found, actual].map((list) => list.map(showStatus).join('\n'))
      fail(
        'unit had the status',
        [
          ['status', was ?? ''],
          ['history', shown ?? ''],
        ],
        kit.explain(),
      )
    }),
  },
  assert_relation_data: {
    words: 'RELATION [--unit | --app] KEY [--partial | --regexp] [VALUE | -]',
    count: [2, 3],
    options: { ...TEXT_OPTIONS, ...APP, unit: 'alone' },
    run: check((kit, [id = '', key = '', expected], options) => {
      const { data, pairs } = ownData(kit, id, options)
      const actual = data[key]
      if (actual === undefined) {
        fail(
          'relation data is missing',
          [...pairs, ['key', key], ['data', JSON.stringify(data)]],
          kit.explain(),
        )
      }
      if (expected === undefined) return
      const how = howToMatch(options)
      assertText({ subject: 'relation data', how, expected, actual, pairs: [...pairs, ['key', key]] })
    }),
  },
  refute_relation_data: {
    words: 'RELATION [--unit | --app] KEY [--partial | --regexp] [VALUE | -]',
    count: [2, 3],
    options: { ...TEXT_OPTIONS, ...APP, unit: 'alone' },
    run: check((kit, [id = '', key = '', expected], options) => {
      const { data, pairs } = ownData(kit, id, options)
      const actual = data[key]
      if (actual === undefined) return
      if (expected === undefined) fail('relation data is there', [...pairs, ['key', key], ['value', actual]])
      const how = howToMatch(options)
      refuteText({ subject: 'relation data', how, expected, actual, pairs: [...pairs, ['key', key]] })
    }),
  },
  assert_port_open: {
    words: 'PORT[/PROTOCOL]...',
    count: [1, ANY],
    run: check((kit, ports) => {
      const open = openPorts(kit)
      const missing = ports.map(portOf).filter((port) => !open.includes(port))
      if (missing.length === 0) return
      fail('port is not open', [
        ['port', missing.join(', ')],
        ['open', open.join(', ') || '(none)'],
      ])
    }),
  },
  refute_port_open: {
    words: 'PORT[/PROTOCOL]...',
    count: [1, ANY],
    run: check((kit, ports) => {
      const open = openPorts(kit)
      const found = ports.map(portOf).filter((port) => open.includes(port))
      if (found.length > 0)
        fail('port is open', [
          ['port', found.join(', ')],
          ['open', open.join(', ')],
        ])
    }),
  },
  assert_app_version: {
    words: '[--partial | --regexp] VERSION',
    count: [1, 1],
    options: TEXT_OPTIONS,
    run: check(({ unit }, [expected = ''], options) => {
      const actual = unit.state.version
      assertText({ subject: 'application version', how: howToMatch(options), expected, actual })
    }),
  },
  refute_app_version: {
    words: '[--partial | --regexp] VERSION',
    count: [1, 1],
    options: TEXT_OPTIONS,
    run: check(({ unit }, [expected = ''], options) => {
      const actual = unit.state.version
      refuteText({ subject: 'application version', how: howToMatch(options), expected, actual })
    }),
  },
}

function statusOf({ unit }: TestKit, { app }: Options): Status {
  return app === true ? unit.state.status.app : unit.state.status.unit
}

function showStatus({ status, message }: Status): string {
  return message === '' ? status : `${status}: ${message}`
}

function isStatus(actual: Status, expected: string): boolean {
  return expected === actual.status || expected === showStatus(actual)
}

function history({ act }: TestKit, { app }: Options): Status[] {
  const scope = app === true ? 'app' : 'unit'
  return act.results.flatMap(({ statusHistory }) => statusHistory.filter((change) => change.scope === scope))
}

/** The statuses of the last act, and the handlers, one of which has set them. */
function historyOf(kit: TestKit, options: Options): string {
  if (!kit.hasActed) return ''
  const statuses = history(kit, options).map(showStatus)
  return `statuses in ${labels(kit.act.results)}: ${statuses.join(', ') || '(none)'}\n${kit.explain()}`
}

function ownData(
  { unit }: TestKit,
  id: string,
  options: Options,
): { data: Relation['localUnit']; pairs: Pairs } {
  if (options.app === true && options.unit === true)
    throw new UsageError('--app and --unit exclude each other')
  const byEndpoint = unit.state.relations.find(({ endpoint }) => endpoint === id)
  const relation = byEndpoint ?? findRelation(unit.state, id)
  if (relation === undefined || (relation.id !== id && relation.endpoint !== id)) {
    const known = unit.state.relations.map((other) => other.id).join(', ') || 'none'
    throw new UsageError(`there is no relation: ${id} (there are: ${known})`)
  }
  const app = options.app === true
  const owner = app ? `application ${unit.state.unit.replace(/\/.*/, '')}` : `unit ${unit.state.unit}`
  return {
    data: app ? relation.localApp : relation.localUnit,
    pairs: [
      ['relation', relation.id],
      ['of', owner],
    ],
  }
}

function portOf(text: string): string {
  try {
    return showPortRange(parsePortRange(text))
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : text)
  }
}

function openPorts({ unit }: TestKit): string[] {
  return unit.state.ports.map(showPortRange)
}
