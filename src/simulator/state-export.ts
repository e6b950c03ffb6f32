// A snapshot of this unit as a state file of the simulator: what the toolkit keeps of it, and in a hook what
// Juju's tools say. `state export` prints it for a test, `state show` for people. What cannot be asked for is
// named, never guessed. Contents of secrets stay where they are.

import { stringify } from 'yaml'
import { type ConfigValue, isMapping, readConfigOptions, readMetadata } from '../charm/charm-files.ts'
import { HookToolError } from '../errors.ts'
import * as tools from '../juju/hook-tools.ts'
import { hasLeaderSettings } from '../juju/juju-version.ts'
import { getFlags } from '../unit/flags.ts'
import { KEY } from '../unit/keys.ts'
import { kvRange } from '../unit/kv.ts'
import type { Session } from '../unit/session.ts'

export interface Snapshot {
  /** In the shape that src/simulator/read-state.ts reads. */
  state: Record<string, unknown>
  /** The parts that are not in it. */
  missing: string[]
}

type Part = (session: Session) => Promise<Record<string, unknown>>

/** What Juju is asked for, by the names of the parts. */
const PARTS: Record<string, Part> = {
  config: async (session) => ({ config: await setOptions(session) }),
  leader: async ({ context }) => ({ leader: await tools.isLeader(context) }),
  // Under Juju 4 they are among the data of a relation.
  leader_settings: async ({ context }) =>
    hasLeaderSettings(context) ? { leader_settings: await tools.leaderGet(context) } : {},
  relations: async (session) => ({ relations: await relations(session) }),
  status: async ({ context }) => {
    const { status, message } = await tools.statusGet(context)
    return { status: { unit: { status, message } } }
  },
  ports: async ({ context }) => ({ ports: await tools.openedPorts(context) }),
  storage: async ({ context }) => {
    const ids = await tools.storageList(context)
    const entries = await Promise.all(ids.map(async (id) => [id, await tools.storageGet(context, id)]))
    return { storage: Object.fromEntries(entries) }
  },
  charm_state: async ({ context }) => ({ charm_state: await tools.stateGet(context) }),
  addresses: async ({ context }) => ({
    addresses: {
      private: (await tools.unitGet(context, 'private-address')) ?? '',
      public: (await tools.unitGet(context, 'public-address')) ?? '',
    },
  }),
}
/** No tool tells them, or none should. */
const NEVER = ['version', 'resources', 'secrets', 'goal_state', 'network']

/** Take the snapshot. */
export async function takeSnapshot(session: Session): Promise<Snapshot> {
  const { env } = session.context
  const state = { ...environmentState(session), ...unitState(session) }
  if (env.JUJU_CONTEXT_ID === undefined) return { state, missing: [...Object.keys(PARTS), ...NEVER] }
  const answers = await Promise.all(Object.entries(PARTS).map(([name, part]) => ask(session, name, part)))
  const missing = answers.filter((answer) => typeof answer === 'string')
  const found = answers.filter((answer) => typeof answer !== 'string')
  return { state: Object.assign(state, ...found), missing: [...missing, ...NEVER] }
}

/** The answer of a part, or its name when a tool fails or is not there. */
async function ask(session: Session, name: string, part: Part): Promise<Record<string, unknown> | string> {
  try {
    return await part(session)
  } catch (error) {
    if (error instanceof HookToolError) return name
    throw error
  }
}

function unitState(session: Session): Record<string, unknown> {
  const rest = [...session.state.entries('')].filter(([key]) => !/^(flag|kv|meta):/.test(key))
  return {
    flags: getFlags(session),
    kv: { ...kvRange(session, '') },
    memory: Object.fromEntries(rest.sort(([one], [other]) => (one < other ? -1 : 1))),
  }
}

/** What Juju has put in the environment. */
function environmentState({ context }: Session): Record<string, unknown> {
  const { env, unitName } = context
  const { JUJU_VERSION, JUJU_MODEL_NAME, JUJU_MODEL_UUID, JUJU_MACHINE_ID, JUJU_PRINCIPAL_UNIT } = env
  const model = {
    ...(JUJU_MODEL_NAME && { name: JUJU_MODEL_NAME }),
    ...(JUJU_MODEL_UUID && { uuid: JUJU_MODEL_UUID }),
  }
  return {
    ...(unitName && { unit: unitName }),
    // A build's own suffix, as in 3.6.1-ubuntu-amd64 or 2.9.42.1, is nothing to a test.
    ...(JUJU_VERSION && { juju_version: /^\d+\.\d+(?:\.\d+)?/.exec(JUJU_VERSION)?.[0] ?? JUJU_VERSION }),
    ...(Object.keys(model).length > 0 && { model }),
    ...(JUJU_MACHINE_ID && { machine: JUJU_MACHINE_ID }),
    ...(JUJU_PRINCIPAL_UNIT && { principal_unit: JUJU_PRINCIPAL_UNIT }),
  }
}

/** The options that are not at their defaults: those are the charm's to say. */
async function setOptions({ context }: Session): Promise<Record<string, unknown>> {
  const options = readConfigOptions(context.charmDir)
  const isSet = ([name, value]: [string, unknown]) =>
    value !== null && value !== (options.get(name)?.default ?? null)
  const values = Object.entries(await tools.configGet(context)).filter(isSet)
  return Object.fromEntries(values as [string, ConfigValue][])
}

async function relations(session: Session): Promise<unknown[]> {
  const { context } = session
  const { endpoints } = readMetadata(context.charmDir)
  const ids = await Promise.all(endpoints.map(({ name }) => tools.relationIds(context, name)))
  // Not every tool of a test or of an old Juju looks at the name that it is given.
  const unique = [...new Set(ids.flat())]
  return Promise.all(unique.map((id) => relation(session, id)))
}

async function relation({ context }: Session, id: string): Promise<Record<string, unknown>> {
  const { unitName } = context
  const data = (name: string, application = false) => tools.relationGet(context, id, name, { application })
  const members = await tools.relationList(context, id)
  const remoteApp = (await tools.relationApplication(context, id)) ?? ''
  const remoteUnits = await Promise.all(members.map(async (unit) => [unit, await data(unit)]))
  const own = unitName.split('/')[0] ?? ''
  return {
    id,
    remote_app: remoteApp,
    local_unit: await data(unitName),
    // Only the leader may see what it has written.
    ...((await tools.isLeader(context)) && { local_app: await data(own, true) }),
    ...(remoteApp !== own && { remote_app_data: await data(remoteApp, true) }),
    remote_units: Object.fromEntries(remoteUnits),
  }
}

/** The state file as YAML, with what is missing as a comment. */
export async function writeSnapshot({ state, missing }: Snapshot): Promise<string> {
  return `# Not in this snapshot: ${missing.join(', ')}\n${stringify(state, { version: '1.1', lineWidth: 0 })}`
}

/** The snapshot for people: one line per fact, without what the toolkit keeps to itself. */
export function showSnapshot({ state, missing }: Snapshot): string {
  const { memory, ...facts } = state
  const marks = Object.keys(Object(memory))
    .filter((key) => key.startsWith(KEY.invoked))
    .map((key) => key.slice(KEY.invoked.length))
  const lines = Object.entries({ ...facts, marks }).flatMap(([name, value]) =>
    showFact(name.replaceAll('_', ' '), value),
  )
  return `${lines.join('\n')}\nnot known here: ${missing.join(', ').replaceAll('_', ' ')}\n`
}

function showFact(name: string, value: unknown, indent = ''): string[] {
  if (typeof value !== 'object' || value === null) return [`${indent}${name}: ${showValue(value)}`]
  const entries = Array.isArray(value)
    ? value.map((item): [string, unknown] =>
        isMapping(item) ? [String(item.id ?? ''), item] : [showValue(item), undefined],
      )
    : Object.entries(value)
  if (entries.length === 0) return [`${indent}${name}: none`]
  const below = entries.flatMap(([key, item]) =>
    item === undefined ? [`${indent}  ${key}`] : showFact(key, item, `${indent}  `),
  )
  return [`${indent}${name}:`, ...below]
}

function showValue(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
