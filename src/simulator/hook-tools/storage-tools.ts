// storage-list, storage-get, storage-add. A storage that is named wrongly is refused when Juju takes the
// changes of the hook, not by the tool.

import type { HookContext } from '../hook-context.ts'
import { checkEmpty, type Flag } from './arguments.ts'
import { type HookTool, outputFlags } from './hook-tool.ts'
import { ToolError, ToolUsageError } from './tool-errors.ts'

const ID = /^[a-z](?:-?[a-z0-9])*\/(?:0|[1-9][0-9]*)$/

export const STORAGE_TOOLS: Record<string, HookTool> = {
  'storage-list': {
    usage: '[<storage-name>]',
    purpose: 'List storage attached to the unit.',
    flags: () => outputFlags(),
    run({ context, args: [name, ...rest], print }) {
      checkEmpty(rest)
      const ids = Object.keys(context.state.storage)
      print(ids.filter((id) => !name || id.startsWith(`${name}/`)).sort())
    },
  },
  'storage-get': {
    usage: '[<key>]',
    purpose: 'Print information for the storage instance with the specified ID.',
    flags: (context) => [...outputFlags(), storageFlag(context)],
    run({ context, args: [key = '', ...rest], flags, print }) {
      const id = flags.s ?? context.storage
      if (id === '') throw new ToolUsageError('no storage instance specified')
      checkEmpty(rest)
      const { kind, location } = storageOf(context, id)
      if (key === '') return print({ kind, location })
      if (key !== 'kind' && key !== 'location')
        throw new ToolError(`invalid storage attribute ${JSON.stringify(key)}`)
      print(key === 'kind' ? kind : location)
    },
  },
  'storage-add': {
    usage: '<charm storage name>[=count] ...',
    purpose: 'Add storage instances.',
    run({ context, args }) {
      if (args.length === 0) throw new ToolUsageError('storage add requires a storage directive')
      const counts = new Map<string, number>()
      for (const arg of args) {
        const [name, count] = readDirective(arg)
        if (counts.has(name))
          throw new ToolUsageError(`storage ${JSON.stringify(name)} specified more than once`)
        counts.set(name, count)
      }
      const { storage } = context.pending
      for (const [name, count] of counts) storage[name] = (storage[name] ?? 0) + count
    },
  },
}

/** `-s`: what is no id, and a storage that is not there, are found while flags are read. */
function storageFlag(context: HookContext): Flag {
  const read = (id: string) => {
    if (!ID.test(id)) throw new Error(`invalid storage ID ${JSON.stringify(id)}`)
    storageOf(context, id)
    return id
  }
  return { names: ['s'], kind: 'text', read }
}

function storageOf({ state }: HookContext, id: string) {
  const storage = Object.hasOwn(state.storage, id) ? state.storage[id] : undefined
  if (storage === undefined) throw new ToolError(`storage ${JSON.stringify(id)} not found`)
  return storage
}

function readDirective(arg: string): [name: string, count: number] {
  const [name = '', directive = '1', ...rest] = arg.split('=')
  if (name === '' || rest.length > 0) {
    throw new ToolUsageError(`expected "name=directive" or "name", got ${JSON.stringify(arg)}`)
  }
  const fault = (what: string) =>
    new ToolUsageError(`cannot parse directive for storage ${JSON.stringify(name)}: ${what}`)
  const fields = directive.split(',').filter((field) => field !== '')
  if (fields.length === 0) throw fault('storage directives require at least one field to be specified')
  const count = fields.find((field) => /^-?[0-9]+$/.test(field))
  if (count !== undefined && !(Number(count) > 0)) {
    throw fault(`cannot parse count: count must be greater than zero, got ${JSON.stringify(count)}`)
  }
  // A pool or a size is understood, and not allowed here.
  const odd = fields.find(
    (field) => !/^(?:[0-9]+|[a-zA-Z]+[-?a-zA-Z0-9]*|[0-9]+(?:\.[0-9]+)?[MGTPEZY](?:i?B)?)$/.test(field),
  )
  if (odd !== undefined) throw fault(`unrecognized storage directive ${JSON.stringify(odd)} not valid`)
  if (fields.length > 1 || count === undefined) {
    throw new ToolUsageError(`only count can be specified for ${JSON.stringify(name)}`)
  }
  return [name, Number(count)]
}
