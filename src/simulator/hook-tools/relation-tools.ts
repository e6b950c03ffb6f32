// relation-ids, relation-list, relation-get, relation-set.

import { applicationOf } from '../../unit/names.ts'
import { editOwnData, type HookContext, membersOf, ownData } from '../hook-context.ts'
import { findRelation, type Relation, type RelationData, relationNumber } from '../juju-state.ts'
import { checkEmpty, type Flag, parseKeyValues } from './arguments.ts'
import { DEPRECATED_FORMAT, type HookTool, outputFlags, parseSettings, type ToolCall } from './hook-tool.ts'
import { ToolError, ToolUsageError } from './tool-errors.ts'

export const UNIT_NAME = /^[a-z][a-z0-9]*(?:-[a-z0-9]*[a-z][a-z0-9]*)*\/(?:0|[1-9][0-9]*)$/
export const APPLICATION_NAME = /^[a-z][a-z0-9]*(?:-[a-z0-9]*[a-z][a-z0-9]*)*$/

/** `-r`: what is no id is a usage error, an unknown relation a run-time error (docs/juju.md 3). */
export function relationFlag(context: HookContext): Flag {
  const read = (id: string) => {
    if (relationNumber(id) === undefined) throw new Error('invalid relation id')
    if (findRelation(context.state, id) === undefined) throw new ToolError('relation not found')
    return id
  }
  return { names: ['relation', 'r'], kind: 'text', read }
}

const APP: Flag = { names: ['app'], kind: 'switch', since: '2.7' }

export const RELATION_TOOLS: Record<string, HookTool> = {
  'relation-ids': {
    usage: '<name>',
    purpose: 'List the ids of all relations of an endpoint.',
    flags: () => outputFlags(),
    run({ context, args: [name = context.relation?.endpoint, ...rest], print }) {
      if (name === undefined) throw new ToolUsageError('no relation name specified')
      checkEmpty(rest)
      const found = context.state.relations.filter(({ endpoint }) => endpoint === name)
      // Sorted as text: db:10 comes before db:2.
      print(found.map(({ id }) => id).sort())
    },
  },
  'relation-list': {
    usage: '',
    purpose: 'List the units of a relation.',
    flags: (context) => [...outputFlags(), relationFlag(context), APP],
    run(call) {
      const relation = relationOf(call)
      checkEmpty(call.args)
      call.print(call.flags.app ? relation.remoteApp : membersOf(call.context, relation))
    },
  },
  'relation-get': {
    usage: '<key> <unit id>',
    purpose: 'Print relation settings.',
    flags: (context) => [...outputFlags(), relationFlag(context), APP],
    run(call) {
      const relation = relationOf(call)
      const [key = '-', given, ...rest] = call.args
      const { name, app } = subjectOf(call, given)
      checkEmpty(rest)
      const data = readData(call.context, relation, name, app)
      call.print(key === '-' || key === '' ? data : valueAt(data, key))
    },
  },
  'relation-set': {
    usage: 'key=value [key=value ...]',
    purpose: 'Set relation settings.',
    flags: (context) => [relationFlag(context), { names: ['file'], kind: 'text' }, APP, DEPRECATED_FORMAT],
    run(call) {
      const relation = relationOf(call)
      const overrides = parseKeyValues(call.args)
      const settings = {
        ...(call.flags.file ? parseSettings(call.readFile(call.flags.file)) : {}),
        ...overrides,
      }
      if (call.flags.app && !call.context.state.leader) throw new ToolError('cannot write relation settings')
      const data = editOwnData(call.context, relation, call.flags.app ? 'localApp' : 'localUnit')
      for (const [key, value] of Object.entries(settings)) {
        if (value === '') delete data[key]
        else data[key] = value
      }
    },
  },
}

export function relationOf({ context, flags }: ToolCall): Relation {
  const relation = flags.relation ? findRelation(context.state, flags.relation) : context.relation
  if (relation === undefined) throw new ToolUsageError('no relation id specified')
  return relation
}

export function valueAt(data: Record<string, unknown>, key: string): unknown {
  return Object.hasOwn(data, key) ? data[key] : null
}

/** Whose data is asked for: a name given wins, then the hook's remote unit, then its application. */
function subjectOf({ context, flags }: ToolCall, given: string | undefined): { name: string; app: boolean } {
  const app = flags.app !== undefined
  if (given !== undefined) {
    // With --app the name of a unit stands for its application.
    const isUnit = app && UNIT_NAME.test(given)
    return { name: isUnit ? applicationOf(given) : given, app }
  }
  if (!app && context.remoteUnit !== '') return { name: context.remoteUnit, app }
  // In -created and -broken there is no remote unit, and Juju falls back to the application.
  if (context.relation !== undefined) return { name: context.relation.remoteApp, app: true }
  throw new ToolUsageError('no unit or application specified')
}

function readData(context: HookContext, relation: Relation, name: string, app: boolean): RelationData {
  const { unit, leader } = context.state
  // What the uniter has itself includes what this hook has set; here only --app decides which bag it is.
  if (name === unit || (name === applicationOf(unit) && leader)) {
    return ownData(context, relation, app ? 'localApp' : 'localUnit')
  }
  if (UNIT_NAME.test(name) && !app) return readUnitData(context, relation, name)
  if (!APPLICATION_NAME.test(name)) throw new ToolError(`"${name}" is not a valid unit or application`)
  return readAppData(context, relation, name)
}

/** The controller's answer. Data of units that have left is there as long as the relation. */
function readUnitData(context: HookContext, relation: Relation, name: string): RelationData {
  const data = relation.remoteUnits[name] ?? relation.departedUnits[name]
  if (data !== undefined) return data
  if (applicationOf(name) !== relation.remoteApp) throw new ToolError('permission denied')
  const ends = `${applicationOf(context.state.unit)}:${relation.endpoint} ${relation.remoteApp}`
  throw new ToolError(`cannot read settings for unit "${name}" in relation "${ends}": settings not found`)
}

function readAppData(context: HookContext, relation: Relation, name: string): RelationData {
  // In a peer relation the own application is also the remote one, so that all units may read it.
  if (relation.role === 'peers' && name === applicationOf(context.state.unit)) return relation.localApp
  if (name === relation.remoteApp) return relation.remoteAppData
  throw new ToolError('permission denied')
}
