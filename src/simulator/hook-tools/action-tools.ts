// action-get, action-set, action-fail, action-log.

import type { HookContext } from '../hook-context.ts'
import { checkEmpty } from './arguments.ts'
import { type HookTool, outputFlags } from './hook-tool.ts'
import { valueAt } from './relation-tools.ts'
import { ToolError, ToolUsageError } from './tool-errors.ts'

const KEY = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/
const RESERVED = new Set(['stdout', 'stdout-encoding', 'stderr', 'stderr-encoding'])
const KEY_RULE =
  'must start and end with lowercase alphanumeric, and contain only lowercase alphanumeric, hyphens and periods'

export const ACTION_TOOLS: Record<string, HookTool> = {
  'action-get': {
    usage: '[<key>[.<key>.<key>...]]',
    purpose: 'Get action parameters.',
    flags: () => outputFlags(),
    run({ context, args: [key, ...rest], print }) {
      checkEmpty(rest)
      actionOf(context)
      print(key === undefined ? context.params : parameterAt(context.params, key.split('.')))
    },
  },
  'action-set': {
    usage: '<key>=<value> [<key>=<value> ...]',
    purpose: 'Set action results.',
    run({ context, args }) {
      const settings = args.map(readResult)
      const { results } = actionOf(context)
      for (const { keys, value } of settings) setResult(results, keys, value)
    },
  },
  'action-fail': {
    usage: '["<failure message>"]',
    purpose: 'Set action fail status with message.',
    run({ context, args: [message, ...rest] }) {
      checkEmpty(rest)
      // The action is failed, but when the script exits 0 its changes are committed all the same.
      const action = actionOf(context)
      action.failed = true
      action.message = message ?? 'action failed without reason given, check action for errors'
    },
  },
  'action-log': {
    usage: '<message>',
    purpose: 'Record a progress message for the current action.',
    since: '2.6',
    run({ context, args }) {
      if (args.length === 0) throw new ToolUsageError('no message specified')
      actionOf(context).logs.push(args.join(' '))
    },
  },
}

function actionOf({ kind, record }: HookContext) {
  if (kind !== 'action') throw new ToolError('not running an action')
  return record.action
}

function parameterAt(params: Record<string, unknown>, keys: readonly string[]): unknown {
  let value: unknown = params
  for (const key of keys) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
    value = valueAt(value as Record<string, unknown>, key)
  }
  return value
}

function readResult(arg: string): { keys: string[]; value: string } {
  const [, path, value] = /^([^=]*)=([\s\S]*)$/.exec(arg) ?? []
  if (path === undefined || value === undefined) {
    throw new ToolUsageError(`argument ${JSON.stringify(arg)} must be of the form key...=value`)
  }
  const keys = path.split('.')
  for (const key of keys) {
    if (!KEY.test(key)) throw new ToolUsageError(`key ${JSON.stringify(key)} ${KEY_RULE}`)
    if (RESERVED.has(key)) throw new ToolUsageError(`cannot set reserved action key ${JSON.stringify(key)}`)
  }
  return { keys, value }
}

/** `a.b=1` nests; what is in the way is replaced. */
function setResult(results: Record<string, unknown>, keys: readonly string[], value: string): void {
  const [key = '', ...rest] = keys
  if (rest.length === 0) {
    results[key] = value
    return
  }
  const inner = results[key]
  const map = typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>) : {}
  results[key] = map
  setResult(map, rest, value)
}
