// Events: whether Juju has such a hook, since when and until when; actions and their parameters; what an event
// says beside its name; the faults that a test asks for.

import { HOOK_STEPS, type HookName, parseHookName, RESTRICTED_HOOKS } from '../../juju/hook-names.ts'
import { versionAtLeast } from '../../juju/juju-version.ts'
import { nearest } from '../../system/nearest.ts'
import { HOOK_TOOLS } from '../hook-tools/table.ts'
import { type Charm, declared, hasEndpoint } from './charm.ts'
import { paramsFault } from './parameters.ts'
import { firstOf, listed, parseHook, type Rule, type Scene } from './rule.ts'

const PLAIN_HOOKS = new Set([
  'install',
  'start',
  'stop',
  'remove',
  'config-changed',
  'update-status',
  'upgrade-charm',
  'leader-elected',
  'leader-deposed',
  'leader-settings-changed',
  'collect-metrics',
  'meter-status-changed',
  'pre-series-upgrade',
  'post-series-upgrade',
])

interface Life {
  hook: RegExp
  since?: string
  until?: string
}

const LIVES: Life[] = [
  { hook: /-relation-created$/, since: '2.8' },
  { hook: /^secret-/, since: '3.0' },
  { hook: /-pebble-ready$/, since: '2.9' },
  { hook: /-pebble-custom-notice$/, since: '3.4' },
  { hook: /-pebble-check-/, since: '3.6' },
  { hook: /^(pre|post)-series-upgrade$/, since: '2.4', until: '4.0' },
  { hook: /^(collect-metrics|meter-status-changed)$/, until: '3.6.11' },
  { hook: /^leader-settings-changed$/, until: '4.0' },
]

type Field =
  | 'relation'
  | 'remoteUnit'
  | 'departingUnit'
  | 'remoteData'
  | 'storage'
  | 'secret'
  | 'secretRevision'
  | 'notice'
  | 'pebbleCheck'
  | 'target'

/** Where a field of an event has a meaning, and how that is called. */
const FIELDS: Record<Field, [isThere: (hook: HookName, name: string) => boolean, where: string]> = {
  relation: [({ kind }) => kind === 'relation', 'relation hooks'],
  remoteUnit: [({ kind }) => kind === 'relation', 'relation hooks'],
  departingUnit: [({ kind, step }) => kind === 'relation' && step === 'departed', '-relation-departed'],
  remoteData: [
    ({ kind, step }) => kind === 'relation' && (step === 'joined' || step === 'changed'),
    '-relation-joined and -relation-changed',
  ],
  storage: [({ kind }) => kind === 'storage', 'storage hooks'],
  secret: [({ kind }) => kind === 'secret', 'secret hooks'],
  secretRevision: [
    ({ kind, step }) => kind === 'secret' && step !== 'changed',
    'secret-expired, secret-remove and secret-rotate',
  ],
  notice: [({ step }) => step === 'custom-notice', '-pebble-custom-notice'],
  pebbleCheck: [({ step }) => step.startsWith('check-'), '-pebble-check-failed and -pebble-check-recovered'],
  target: [(_, name) => name === 'pre-series-upgrade', 'pre-series-upgrade'],
}

const fieldRule =
  (field: Field): Rule =>
  ({ event }) => {
    const [isThere, where] = FIELDS[field]
    if (event[field] === undefined || isThere(parseHook(event), event.name)) return undefined
    return `${event.name}: the event has ${wordOf(field)}, which only ${where} have: leave it out`
  }

const WORDS: Partial<Record<Field, string>> = {
  remoteUnit: 'a remote unit',
  departingUnit: 'a departing unit',
  remoteData: 'data of a remote unit',
  secretRevision: 'a revision of a secret',
  pebbleCheck: 'a check',
}

function wordOf(field: Field): string {
  return WORDS[field] ?? `a ${field}`
}

/** Whether a hook tool may be meant in this event. */
function toolFault({ state, event, words }: Scene, tool: string): string | undefined {
  const found = HOOK_TOOLS.get(tool)
  if (found === undefined) return `${event.name}: Juju has no hook tool ${tool}: check the name`
  const { since = '0', until = '9999' } = found
  if (!versionAtLeast(state.jujuVersion, since) || versionAtLeast(state.jujuVersion, until)) {
    const range = until === '9999' ? `${since} or later` : `one before ${until}`
    return `${event.name}: Juju ${state.jujuVersion} has no ${tool}: ${words.version(range)}`
  }
  if (RESTRICTED_HOOKS.has(event.name) && found.worksIn?.(event.name) !== true) {
    return `${event.name}: ${tool} never works in this hook: choose juju-log, or another hook`
  }
  return undefined
}

function lifeFault({ state: { jujuVersion }, event: { name }, words }: Scene): string | undefined {
  const life = LIVES.find(({ hook }) => hook.test(name))
  const since = life?.since ?? '0'
  if (!versionAtLeast(jujuVersion, since)) {
    return `${name}: Juju ${jujuVersion} has no such hook yet: ${words.version(`${since} or later`)}`
  }
  if (life?.until !== undefined && versionAtLeast(jujuVersion, life.until)) {
    return `${name}: Juju ${jujuVersion} no longer has this hook: ${words.version(`one before ${life.until}`)}`
  }
  return undefined
}

/** All hooks that the charm may get. */
function hooksOf({ metadata }: Charm): string[] {
  const steps = (kind: 'relation' | 'storage', names: readonly string[]) =>
    names.flatMap((name) => HOOK_STEPS[kind].map((step) => `${name}-${kind}-${step}`))
  return [
    ...PLAIN_HOOKS,
    ...steps(
      'relation',
      metadata.endpoints.map(({ name }) => name),
    ),
    ...steps('storage', metadata.storage),
    ...HOOK_STEPS.secret.map((step) => `secret-${step}`),
  ]
}

const NO_ACTION_NAME = /^juju|[^a-z0-9-]|^-|-$/

export const EVENT_RULES: Record<string, Rule> = {
  'hook exists': ({ charm, event: { name, action }, words }) => {
    const isHook = action === undefined && parseHookName(name).kind === 'other'
    if (!isHook || PLAIN_HOOKS.has(name)) return undefined
    if (charm.actions.has(name)) return `${name} is an action of the charm, not a hook: ${words.action(name)}`
    const meant = nearest(name, hooksOf(charm))
    const remedy =
      meant === undefined
        ? `check the name, or ${words.action('NAME')} for an action`
        : `did you mean ${meant}?`
    return `Juju has no hook ${name}: ${remedy}`
  },
  'hook of this Juju': (scene) => (scene.event.action === undefined ? lifeFault(scene) : undefined),
  'endpoint of the hook': ({ charm, event }) => {
    const { kind, subject } = parseHook(event)
    if (kind !== 'relation' || hasEndpoint(charm, subject)) return undefined
    return `${event.name}: metadata.yaml declares no endpoint ${subject}: declare it, or check the name (it has ${listed(charm.metadata.endpoints.map(({ name }) => name))})`
  },
  'storage of the hook': ({ charm, event }) => {
    const { kind, subject } = parseHook(event)
    if (kind !== 'storage' || charm.metadata.storage.includes(subject)) return undefined
    return `${event.name}: metadata.yaml declares no storage ${subject}: declare it, or check the name (it has ${listed(charm.metadata.storage)})`
  },
  'container of the hook': ({ charm, event }) => {
    const { kind, subject } = parseHook(event)
    if (kind !== 'pebble' || Object.hasOwn(declared(charm, 'containers'), subject)) return undefined
    return `${event.name}: metadata.yaml declares no container ${subject}: declare it, or check the name`
  },
  'action is declared': ({ charm, event: { action } }) =>
    action === undefined || charm.actions.has(action.name)
      ? undefined
      : `the charm has no such action: ${action.name}: declare it in actions.yaml, or check the name (it has ${listed(charm.actions.keys())})`,
  'action has a legal name': ({ event: { action } }) =>
    action !== undefined && NO_ACTION_NAME.test(action.name)
      ? `action ${action.name}: Juju refuses the name: use lower case letters, digits and hyphens, and not juju in front`
      : undefined,
  'action parameters': ({ charm, state, event: { action } }) => {
    const declaration = action && charm.actions.get(action.name)
    const params = declaration && { ...state.actions[declaration.name], ...action.params }
    return params && paramsFault(declaration, params, state.jujuVersion)
  },
  'actions of the state': ({ charm, state }) =>
    firstOf(Object.keys(state.actions), (name) =>
      charm.actions.has(name)
        ? undefined
        : `actions.${name}: actions.yaml declares no such action: declare it, or check the name`,
    ),
  ...Object.fromEntries(
    (Object.keys(FIELDS) as Field[]).map((field) => [`${field} has a place`, fieldRule(field)]),
  ),
  'custom notice has a notice': ({ event }) =>
    parseHook(event).step === 'custom-notice' && event.notice === undefined
      ? `${event.name}: the event has no notice: give its id, type and key`
      : undefined,
  'check hook has a check': ({ event }) =>
    parseHook(event).step.startsWith('check-') && event.pebbleCheck === undefined
      ? `${event.name}: the event names no check: give one`
      : undefined,
  'leader-elected is for the leader': ({ state, event, words }) =>
    event.name === 'leader-elected' && !state.leader
      ? `leader-elected: the unit is not the leader: ${words.leader(true)}`
      : undefined,
  'leader-settings-changed is for others': ({ state, event, words }) =>
    event.name === 'leader-settings-changed' && state.leader
      ? `leader-settings-changed: the leader is not told about its own settings: ${words.leader(false)}`
      : undefined,
  'tools that fail': (scene) => firstOf(scene.event.failTools ?? [], ({ tool }) => toolFault(scene, tool)),
  'tool of the moment': (scene) => {
    const tool = scene.event.killDuring?.tool
    return tool === undefined ? undefined : toolFault(scene, tool)
  },
}
