// The names of Juju's hooks: those that every charm may have, and those made of an endpoint, a storage, a
// container, or of what happens to a secret.

/** In these hooks Juju allows no hook tool but juju-log, and add-metric in collect-metrics. */
export const RESTRICTED_HOOKS: ReadonlySet<string> = new Set(['collect-metrics', 'meter-status-changed'])

/** The steps in the life of each kind of thing. */
export const HOOK_STEPS = {
  relation: ['created', 'joined', 'changed', 'departed', 'broken'],
  storage: ['attached', 'detaching'],
  secret: ['changed', 'expired', 'remove', 'rotate'],
  pebble: ['ready', 'custom-notice', 'check-failed', 'check-recovered'],
} as const

export type HookKind = keyof typeof HOOK_STEPS | 'other'

export interface HookName {
  kind: HookKind
  /** Endpoint, storage or container; empty for other hooks. */
  subject: string
  step: string
}

const PATTERNS = Object.entries(HOOK_STEPS).map(([kind, steps]): [HookKind, RegExp] => {
  const subject = kind === 'secret' ? '()secret-' : `(.+)-${kind}-`
  return [kind as HookKind, new RegExp(`^${subject}(${steps.join('|')})$`)]
})

/** Take the name of a hook apart. */
export function parseHookName(name: string): HookName {
  for (const [kind, pattern] of PATTERNS) {
    const [, subject, step] = pattern.exec(name) ?? []
    if (subject !== undefined && step !== undefined) return { kind, subject, step }
  }
  return { kind: 'other', subject: '', step: '' }
}
