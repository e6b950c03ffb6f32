// What a unit says and asks about itself: config-get, juju-log, status-*, leadership, state-*, the version,
// resources and metrics.

import { versionAtLeast } from '../../juju/juju-version.ts'
import { charmStateOf, editCharmState, type HookContext } from '../hook-context.ts'
import { effectiveConfig, type Status } from '../juju-state.ts'
import { checkEmpty, parseKeyValues } from './arguments.ts'
import { DEPRECATED_FORMAT, type HookTool, outputFlags, parseSettings } from './hook-tool.ts'
import { valueAt } from './relation-tools.ts'
import { NOT_LEADER } from './secret-access.ts'
import { ToolError, ToolUsageError } from './tool-errors.ts'

const STATUSES = ['maintenance', 'blocked', 'waiting', 'active']
const LOG_LEVELS: Record<string, string> = {
  TRACE: 'TRACE',
  DEBUG: 'DEBUG',
  INFO: 'INFO',
  WARN: 'WARNING',
  WARNING: 'WARNING',
  ERROR: 'ERROR',
  CRITICAL: 'CRITICAL',
}

export const UNIT_TOOLS: Record<string, HookTool> = {
  'config-get': {
    usage: '[<key>]',
    purpose: 'Print application configuration.',
    flags: () => [...outputFlags(), { names: ['all', 'a'], kind: 'switch' }],
    run({ context, args: [key = '', ...rest], flags, print }) {
      if (key !== '' && flags.all) {
        throw new ToolUsageError(`cannot use argument --all together with key ${JSON.stringify(key)}`)
      }
      checkEmpty(rest)
      const config = effectiveConfig(context.state)
      const isShown = ([, value]: [string, unknown]) => flags.all !== undefined || value !== null
      print(key === '' ? Object.fromEntries(Object.entries(config).filter(isShown)) : valueAt(config, key))
    },
  },
  'juju-log': {
    usage: '<message>',
    purpose: 'Write a message to the Juju log.',
    flags: () => [
      { names: ['debug'], kind: 'switch' },
      { names: ['log-level', 'l'], kind: 'text' },
      DEPRECATED_FORMAT,
    ],
    worksIn: () => true,
    run({ context, args, flags, caller }) {
      if (args.length === 0) throw new ToolUsageError('no message specified')
      const asked = flags.debug ? 'DEBUG' : flags['log-level'] || 'INFO'
      const level = LOG_LEVELS[asked.toUpperCase()]
      if (level === undefined) log(context, 'WARNING', `Specified log level of "${asked}" is not valid`)
      // The toolkit hands lines over together, as many as there happen to be.
      const text = args.join(' ')
      for (const message of caller === 'toolkit' ? text.split('\n') : [text])
        log(context, level ?? 'INFO', message)
    },
  },
  'status-set': {
    usage: '<maintenance | blocked | waiting | active> [message]',
    purpose: 'Set status information.',
    flags: () => [{ names: ['application'], kind: 'switch' }],
    run({ context, args: [status, message = '', ...rest], flags }) {
      if (status === undefined) throw new ToolUsageError('invalid args, require <status> [message]')
      if (!STATUSES.includes(status)) {
        const allowed = STATUSES.join(' ')
        throw new ToolUsageError(`invalid status ${JSON.stringify(status)}, expected one of [${allowed}]`)
      }
      checkEmpty(rest)
      if (flags.application && !context.state.leader) throw new ToolError(NOT_LEADER)
      // At once: a hook that fails afterwards does not take it back.
      const scope = flags.application ? 'app' : 'unit'
      context.state.status[scope] = { status, message }
      context.record.statusHistory.push({ scope, status, message })
    },
  },
  'status-get': {
    usage: '[--include-data] [--application]',
    purpose: 'Print status information.',
    flags: () => [
      ...outputFlags(),
      { names: ['include-data'], kind: 'switch' },
      { names: ['application'], kind: 'switch' },
    ],
    run({ context, args, flags, print }) {
      checkEmpty(args)
      const { leader, status, unit } = context.state
      if (flags.application && !leader) throw new ToolError(`finding application status: ${NOT_LEADER}`)
      const asked = flags.application ? status.app : status.unit
      const details = (one: Status) => statusDetails(one, flags['include-data'] !== undefined)
      if (!flags['include-data'] && (flags.format ?? 'smart') === 'smart') return print(asked.status)
      if (!flags.application) return print(details(asked))
      print({ 'application-status': { ...details(asked), units: { [unit]: details(status.unit) } } })
    },
  },
  'is-leader': {
    usage: '',
    purpose: 'Print application leadership status.',
    flags: () => outputFlags(),
    run({ context, args, print }) {
      checkEmpty(args)
      // Status 0 for both answers.
      print(context.state.leader)
    },
  },
  'leader-get': {
    usage: '[<key>]',
    purpose: 'Print application leadership settings.',
    until: '4.0',
    flags: () => outputFlags(),
    run({ context, args: [key = '-', ...rest], print }) {
      if (key.includes('=')) throw new ToolUsageError(`invalid key ${JSON.stringify(key)}`)
      checkEmpty(rest)
      const settings = context.state.leaderSettings
      print(key === '-' || key === '' ? settings : valueAt(settings, key))
    },
  },
  'leader-set': {
    usage: '<key>=<value> [...]',
    purpose: 'Write application leadership settings.',
    until: '4.0',
    run({ context, args }) {
      const settings = parseKeyValues(args)
      if (!context.state.leader) {
        throw new ToolError('cannot write leadership settings: cannot write settings: not the leader')
      }
      // At once, unlike relation data.
      const { leaderSettings } = context.state
      for (const [key, value] of Object.entries(settings)) {
        if (value === '') delete leaderSettings[key]
        else leaderSettings[key] = value
      }
    },
  },
  'state-get': {
    usage: '[<key>]',
    purpose: 'Print server-side-state value.',
    since: '2.8',
    flags: () => [...outputFlags(), { names: ['strict'], kind: 'switch' }],
    run({ context, args: [key = '-', ...rest], flags, print }) {
      checkEmpty(rest)
      const state = charmStateOf(context)
      const isNull = Object.keys(state).length === 0 && versionAtLeast(context.state.jujuVersion, '4.0')
      if (key === '-' || key === '') return print(isNull ? null : state)
      if (flags.strict && !Object.hasOwn(state, key)) throw new ToolError(`${JSON.stringify(key)} not found`)
      // A missing key is the empty string here, where the other getters say null.
      print(valueAt(state, key) ?? '')
    },
  },
  'state-set': {
    usage: 'key=value [key=value ...]',
    purpose: 'Set server-side-state values.',
    since: '2.8',
    flags: () => [{ names: ['file'], kind: 'text' }],
    run({ context, args, flags, readFile }) {
      const overrides = parseKeyValues(args)
      const values = { ...(flags.file ? parseSettings(readFile(flags.file)) : {}), ...overrides }
      for (const [key, value] of Object.entries(values)) {
        checkLength('key', key, 256)
        checkLength('value', value, 65536)
        editCharmState(context)[key] = value
      }
    },
  },
  'state-delete': {
    usage: '<key>',
    purpose: 'Delete server-side-state key value pair.',
    since: '2.8',
    run({ context, args: [key = '', ...rest] }) {
      checkEmpty(rest)
      if (key !== '') delete editCharmState(context)[key]
    },
  },
  'application-version-set': {
    usage: '<new-version>',
    purpose: 'Specify which version of the application is deployed.',
    run({ context, args: [version, ...rest] }) {
      if (version === undefined) throw new ToolUsageError('no version specified')
      checkEmpty(rest)
      context.state.version = version
    },
  },
  'resource-get': {
    usage: '<resource name>',
    purpose: 'Get the path to the locally cached resource file.',
    run({ context, args: [name, ...rest], write }) {
      if (name === undefined) throw new ToolUsageError('missing required resource name')
      checkEmpty(rest)
      const file = valueAt(context.state.resources, name)
      if (typeof file !== 'string') {
        throw new ToolError(`could not download resource: resource ${JSON.stringify(name)} not found`)
      }
      // Without a line end.
      write(file)
    },
  },
  'add-metric': {
    usage: 'key1=value1 [key2=value2 ...]',
    purpose: 'Add metrics.',
    until: '4.0',
    flags: () => [{ names: ['labels', 'l'], kind: 'text' }],
    worksIn: (hook) => hook === 'collect-metrics',
    run({ context, args }) {
      if (args.length === 0) throw new ToolUsageError('no metrics specified')
      const metrics = parseKeyValues(args, false)
      // From then on it takes everything, and does nothing.
      if (versionAtLeast(context.state.jujuVersion, '3.6.11')) return
      const reserved = Object.keys(metrics).find((key) => key.startsWith('juju'))
      if (reserved !== undefined) throw new ToolError(`${reserved} uses a reserved prefix`)
      if (!context.restricted)
        throw new ToolError('cannot record metric: metrics not allowed in this context')
      Object.assign(context.record.metrics, metrics)
    },
  },
}

function log({ record }: HookContext, level: string, message: string): void {
  record.log.push({ level, message, source: 'juju-log' })
}

function statusDetails({ status, message }: Status, withData: boolean): Record<string, unknown> {
  return withData ? { status, message, 'status-data': {} } : { status }
}

function checkLength(what: 'key' | 'value', text: string, limit: number): void {
  if (Buffer.byteLength(text) > limit) throw new ToolError(`max allowed ${what} length (${limit}) exceeded`)
}
