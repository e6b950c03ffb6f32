// The environment that Juju gives to a hook or action, by its version, and nothing else (docs/juju.md 1): no
// HOME, no USER, nothing of the process that simulates.

import { ownPlace } from '../juju/context.ts'
import { versionAtLeast } from '../juju/juju-version.ts'
import { SERIES } from '../juju/series.ts'
import type { HookContext } from './hook-context.ts'

export interface UnitPaths {
  charmDir: string
  /** What stands for `/` when the toolkit writes absolute paths of a charm. */
  root: string
  /** Value of PATH. */
  searchPath: string
  /** Path of the channel. */
  socket: string
}

interface Variable {
  value: (context: HookContext, paths: UnitPaths) => string
  /** Where it is set; by default in every hook and action that is not restricted. */
  when?: (context: HookContext) => boolean
  since?: string
  until?: string
}

const always = () => true
const inRelationHook = ({ relation }: HookContext) => relation !== undefined
const inAction = ({ kind }: HookContext) => kind === 'action'
const inMeterHook = ({ name, restricted }: HookContext) => !restricted || name === 'meter-status-changed'
const proxy =
  (scheme: string) =>
  ({ state }: HookContext) =>
    state.proxies[scheme] ?? ''
const legacyProxy =
  (scheme: string) =>
  ({ state }: HookContext) =>
    state.legacyProxies[scheme] ?? ''
const constant = (value: string) => () => value
const inStorageHook = ({ storage }: HookContext) => storage !== ''
const inSecretHook = ({ secret }: HookContext) => secret !== undefined
const inWorkloadHook = ({ workload }: HookContext) => workload !== ''
const inNotice = ({ name, workload }: HookContext) => workload !== '' && name.endsWith('-custom-notice')
const inUpgrade = ({ name }: HookContext) => name === 'pre-series-upgrade'

const isTraced = ({ state, restricted }: HookContext) =>
  !restricted && (state.traceId !== '' || versionAtLeast(state.jujuVersion, '4.0'))
const ifTraced =
  (value: string) =>
  ({ state }: HookContext) =>
    state.traceId === '' ? '' : value

/** The two names of what a machine is upgraded to; a test says one of them. */
function seriesOf(target = 'jammy'): string {
  return [...SERIES].find(([, base]) => base === target)?.[0] ?? target
}

function baseOf(target = 'jammy'): string {
  return SERIES.get(target) ?? target
}

/** `http_proxy` and so on: only where the model has them. */
function legacyProxies(): Record<string, Variable> {
  const variables: Record<string, Variable> = {}
  for (const scheme of ['http', 'https', 'ftp', 'no']) {
    const when = ({ state, restricted }: HookContext) => !restricted && Boolean(state.legacyProxies[scheme])
    const variable = { value: legacyProxy(scheme), when }
    variables[`${scheme}_proxy`] = variable
    variables[`${scheme.toUpperCase()}_PROXY`] = variable
  }
  return variables
}

const VARIABLES: Record<string, Variable> = {
  // The metrics hook of Juju 2 has only the newer name.
  CHARM_DIR: {
    value: (_, { charmDir }) => charmDir,
    when: ({ name, state }) => name !== 'collect-metrics' || versionAtLeast(state.jujuVersion, '3.0'),
  },
  JUJU_CHARM_DIR: { value: (_, { charmDir }) => charmDir, when: always },
  JUJU_CONTEXT_ID: { value: ({ id }) => id, when: always },
  JUJU_AGENT_SOCKET: { value: (_, { socket }) => socket, when: always, until: '2.7' },
  JUJU_AGENT_SOCKET_ADDRESS: { value: (_, { socket }) => socket, when: always, since: '2.7' },
  JUJU_AGENT_SOCKET_NETWORK: { value: constant('unix'), when: always, since: '2.7' },
  // Set but empty in an action.
  JUJU_HOOK_NAME: { value: ({ kind, name }) => (kind === 'hook' ? name : ''), since: '2.8' },
  // Whether or not the charm has a `dispatch`.
  JUJU_DISPATCH_PATH: { value: ({ path }) => path, when: always, since: '2.8' },
  JUJU_UNIT_NAME: { value: ({ state }) => state.unit, when: always },
  JUJU_MODEL_NAME: { value: ({ state }) => state.model.name },
  JUJU_MODEL_UUID: { value: ({ state }) => state.model.uuid },
  JUJU_API_ADDRESSES: { value: constant('10.0.0.1:17070') },
  JUJU_VERSION: { value: ({ state }) => state.jujuVersion },
  JUJU_MACHINE_ID: { value: ({ state }) => state.machine },
  JUJU_PRINCIPAL_UNIT: { value: ({ state }) => state.principalUnit },
  JUJU_AVAILABILITY_ZONE: { value: constant('zone-1') },
  CLOUD_API_VERSION: { value: constant('') },
  JUJU_CHARM_HTTP_PROXY: { value: proxy('http') },
  JUJU_CHARM_HTTPS_PROXY: { value: proxy('https') },
  JUJU_CHARM_FTP_PROXY: { value: proxy('ftp') },
  JUJU_CHARM_NO_PROXY: { value: proxy('no') },
  JUJU_METER_STATUS: { value: constant('AMBER'), when: inMeterHook, until: '4.0' },
  JUJU_METER_INFO: { value: constant('not set'), when: inMeterHook, until: '4.0' },
  JUJU_SLA: { value: constant('unsupported'), until: '4.0' },
  JUJU_RELATION: { value: ({ relation }) => relation?.endpoint ?? '', when: inRelationHook },
  JUJU_RELATION_ID: { value: ({ relation }) => relation?.id ?? '', when: inRelationHook },
  // Set but empty in -created and -broken.
  JUJU_REMOTE_UNIT: { value: ({ remoteUnit }) => remoteUnit, when: inRelationHook },
  JUJU_REMOTE_APP: { value: ({ relation }) => relation?.remoteApp ?? '', when: inRelationHook, since: '2.7' },
  JUJU_DEPARTING_UNIT: {
    value: ({ departingUnit }) => departingUnit,
    when: ({ relationStep }) => relationStep === 'departed',
  },
  JUJU_ACTION_NAME: { value: ({ name }) => name, when: inAction },
  JUJU_ACTION_UUID: { value: constant('1'), when: inAction },
  JUJU_ACTION_TAG: { value: constant('action-1'), when: inAction },
  JUJU_STORAGE_ID: { value: ({ storage }) => storage, when: inStorageHook },
  JUJU_STORAGE_LOCATION: {
    value: ({ state, storage }) => state.storage[storage]?.location ?? '',
    when: inStorageHook,
  },
  JUJU_STORAGE_KIND: {
    value: ({ state, storage }) => state.storage[storage]?.kind ?? '',
    when: inStorageHook,
  },
  JUJU_SECRET_ID: { value: ({ secret }) => `secret:${secret?.id}`, when: inSecretHook },
  JUJU_SECRET_LABEL: { value: ({ secret }) => secret?.label ?? '', when: inSecretHook },
  // Not in secret-changed.
  JUJU_SECRET_REVISION: {
    value: ({ secretRevision }) => String(secretRevision),
    when: ({ secretRevision }) => secretRevision > 0,
  },
  JUJU_WORKLOAD_NAME: { value: ({ workload }) => workload, when: inWorkloadHook },
  JUJU_NOTICE_ID: { value: ({ event }) => event.notice?.id ?? '', when: inNotice },
  JUJU_NOTICE_TYPE: { value: ({ event }) => event.notice?.type ?? '', when: inNotice },
  JUJU_NOTICE_KEY: { value: ({ event }) => event.notice?.key ?? '', when: inNotice },
  JUJU_PEBBLE_CHECK_NAME: {
    value: ({ event }) => event.pebbleCheck ?? '',
    when: ({ name, workload }) => workload !== '' && /-pebble-check-/.test(name),
  },
  // Juju 3 has both.
  JUJU_TARGET_SERIES: { value: ({ event }) => seriesOf(event.target), when: inUpgrade, until: '4.0' },
  JUJU_TARGET_BASE: {
    value: ({ event }) => baseOf(event.target),
    when: inUpgrade,
    since: '3.0',
    until: '4.0',
  },
  // Empty without tracing in Juju 4, and not there before.
  JUJU_TRACE_ID: { value: ({ state }) => state.traceId, when: isTraced, since: '3.0' },
  JUJU_SPAN_ID: { value: ifTraced('00f067aa0ba902b7'), when: isTraced, since: '3.0' },
  JUJU_TRACE_FLAGS: { value: ifTraced('1'), when: isTraced, since: '3.0' },
  ...legacyProxies(),
  PATH: { value: (_, { searchPath }) => searchPath, when: always },
  LANG: { value: constant('C.UTF-8'), when: always },
  DEBIAN_FRONTEND: { value: constant('noninteractive'), when: always },
  APT_LISTCHANGES_FRONTEND: { value: constant('none'), when: always },
  TERM: { value: constant('tmux-256color'), when: always },
  // Not Juju's: see src/juju/context.ts.
  CHARMS_REACTIVE_ROOT: { value: (_, { root }) => root, when: always },
  CHARMS_REACTIVE_NODE: { value: chosenRuntime, when: () => chosenRuntime() !== '' },
}

/** The Node.js that somebody has chosen for the toolkit is that of the unit, too. */
function chosenRuntime(): string {
  return ownPlace().env.CHARMS_REACTIVE_NODE ?? ''
}

const isUnrestricted = ({ restricted }: HookContext) => !restricted

/** The whole environment of a hook or action. */
export function hookEnvironment(context: HookContext, paths: UnitPaths): Record<string, string> {
  const { jujuVersion } = context.state
  const env: Record<string, string> = {}
  for (const [name, { value, when = isUnrestricted, since = '0', until }] of Object.entries(VARIABLES)) {
    const isThere = versionAtLeast(jujuVersion, since) && !(until && versionAtLeast(jujuVersion, until))
    if (isThere && when(context)) env[name] = value(context, paths)
  }
  return env
}

/** For a command that somebody runs by hand in the charm dir: no hook, hence nothing of Juju. */
export function commandEnvironment({ charmDir, root, searchPath }: UnitPaths): Record<string, string> {
  const CHARMS_REACTIVE_NODE = chosenRuntime()
  const env = { CHARM_DIR: charmDir, CHARMS_REACTIVE_ROOT: root, LANG: 'C.UTF-8', PATH: searchPath }
  return CHARMS_REACTIVE_NODE === '' ? env : { ...env, CHARMS_REACTIVE_NODE }
}
