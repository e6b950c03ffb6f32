// What a sequence is made of: plain data, so that a part of it can be played again and printed.

export type Changes = Record<string, string>

export interface Hook {
  name: string
  relation?: string
  /** Empty when the remote application's data changed. */
  unit?: string
  departing?: string
}

/** What a handler does when it runs in the hook: a line of the option `plan`. */
export interface Act {
  /** `db.changed`: the endpoint and the function, or `app.every`. */
  who: string
  verb: 'clear' | 'forget' | 'set' | 'look' | 'taste' | 'fail' | 'kill'
  words: string[]
}

export type Operation =
  | { do: 'relate'; relation: string; application: string }
  | { do: 'enter'; relation: string; unit: string; data: Changes }
  | { do: 'write'; relation: string; unit: string; data: Changes }
  | { do: 'write-app'; relation: string; data: Changes }
  | { do: 'leave'; relation: string; unit: string }
  /** The operator removes the relation. */
  | { do: 'remove'; relation: string }
  /** The relation goes without a hook. */
  | { do: 'vanish'; relation: string }
  | { do: 'lead'; leader: boolean }
  /** The next version of the charm has the endpoint, or has it no more. */
  | { do: 'upgrade'; endpoint: string; has: boolean }
  /** The unit itself is removed. */
  | { do: 'depart' }
  /** The operator clears a flag outside of a hook. */
  | { do: 'clear'; flag: string }
  /** The operator lets a failed hook be, without a retry. */
  | { do: 'resolve' }
  | { do: 'hook'; hook: Hook; plan: Act[] }

/** A whole sequence. */
export interface Sequence {
  jujuVersion: string
  operations: Operation[]
}

/** A line for a person. */
export function describe(operation: Operation): string {
  const { do: verb, ...rest } = operation
  if (operation.do !== 'hook') return `${verb} ${Object.values(rest).map(toText).join(' ')}`.trim()
  const { name, relation = '', unit, departing } = operation.hook
  const about = [relation, unit === '' ? '(application)' : unit, departing && `departing ${departing}`]
  const head = ['HOOK', name, ...about.filter(Boolean)].join(' ')
  return [head, ...operation.plan.map((act) => `  plan: ${planLine(act)}`)].join('\n')
}

export function planLine({ who, verb, words }: Act): string {
  return [who, verb, ...words].join(' ')
}

function toText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
