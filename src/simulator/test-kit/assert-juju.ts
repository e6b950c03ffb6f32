// Assertions on what Juju knows of the unit: statuses, relation data, ports.

import { UsageError } from '../../errors.ts'
import { findRelation, type Relation, type Status } from '../juju-state.ts'
import { parsePortRange, showPortRange } from '../port-ranges.ts'
import { type Assertion, assertion, either } from './assertion.ts'
import type { Failure, Pairs } from './failure.ts'
import { labels, type TestKit } from './kit.ts'
import { compareText, howToMatch, TEXT_OPTIONS } from './matching.ts'
import type { Options } from './words.ts'

const APP = { app: 'alone' } as const

const STATUS: Assertion = {
  words: '[--app] STATUS [--partial | --regexp] [MESSAGE | -]',
  options: { ...TEXT_OPTIONS, ...APP },
  explain: (kit, _, options) => historyOf(kit, options),
  examine: (kit, [status = '', message], options) => {
    const actual = statusOf(kit, options)
    const how = howToMatch(options)
    if (actual.status === status && message !== undefined)
      return compareText({ subject: 'message of the status', how, expected: message, actual: actual.message })
    const wanted =
      how === 'equal' ? showStatus({ status, message: message ?? '' }) : `${status}, ${how} ${message}`
    return either(
      actual.status === status,
      ['status differs', { expected: wanted, actual: showStatus(actual) }],
      ['unit has the status', { status: showStatus(actual) }],
    )
  },
}

/** Exactly these; to refute it, none of these. */
const STATUS_HISTORY: Assertion = {
  words: "[--app] STATUS|'STATUS: MESSAGE'...",
  options: APP,
  explain: (kit) => kit.explain(),
  examine: (kit, given, options) => {
    const all = history(kit, options)
    const isSame = all.length === given.length && all.every((one, index) => isStatus(one, given[index] ?? ''))
    const found = all.filter((one) => given.some((text) => isStatus(one, text)))
    const [shown = '', status = ''] = [all, found].map((list) => list.map(showStatus).join('\n'))
    return {
      missing: isSame
        ? undefined
        : ['status history differs', { expected: given.join('\n'), actual: shown || '(none)' }],
      present: found.length === 0 ? undefined : ['unit had the status', { status, history: shown }],
    }
  },
}

const RELATION_DATA: Assertion = {
  words: 'RELATION [--unit | --app] KEY [--partial | --regexp] [VALUE | -]',
  options: { ...TEXT_OPTIONS, ...APP, unit: 'alone' },
  examine: (kit, [id = '', key = '', expected], options) => {
    const { data, pairs: whose } = ownData(kit, id, options)
    const actual = data[key]
    const pairs = { ...whose, key }
    if (actual !== undefined && expected !== undefined)
      return compareText({ subject: 'relation data', how: howToMatch(options), expected, actual, pairs })
    return either(
      actual !== undefined,
      ['relation data is missing', { ...pairs, data: JSON.stringify(data) }, () => kit.explain()],
      ['relation data exists', { ...pairs, value: actual ?? '' }],
    )
  },
}

const PORTS: Assertion = {
  words: 'PORT[/PROTOCOL]...',
  examine: ({ unit }, words) => {
    const open = unit.state.ports.map(showPortRange)
    const failure = (title: string, ports: readonly string[]): Failure | undefined =>
      ports.length === 0 ? undefined : [title, { port: ports.join(', '), open: open.join(', ') || '(none)' }]
    const ports = words.map(portOf)
    return {
      missing: failure(
        'port is not open',
        ports.filter((port) => !open.includes(port)),
      ),
      present: failure(
        'port is open',
        ports.filter((port) => open.includes(port)),
      ),
    }
  },
}

const APP_VERSION: Assertion = {
  words: '[--partial | --regexp] VERSION',
  options: TEXT_OPTIONS,
  examine: ({ unit }, [expected = ''], options) => {
    const how = howToMatch(options)
    return compareText({ subject: 'application version', how, expected, actual: unit.state.version })
  },
}

export const JUJU_ASSERTIONS = {
  ...assertion('status', STATUS),
  ...assertion('status_history', STATUS_HISTORY),
  ...assertion('relation_data', RELATION_DATA),
  ...assertion('port_open', PORTS),
  ...assertion('app_version', APP_VERSION),
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
    throw new UsageError('--app and --unit cannot go together')
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
    pairs: { relation: relation.id, of: owner },
  }
}

function portOf(text: string): string {
  try {
    return showPortRange(parsePortRange(text))
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : text)
  }
}
