// Rules about flags: who waits for what, and whether anybody can set it.

import { interfaceOf } from '../../endpoints/interface-layers.ts'
import { nearest } from '../../system/nearest.ts'
import type { CharmModel, ModelHandler } from '../charm-model.ts'
import { matchesPattern, saysSomething } from '../sources/source.ts'
import { callsIn, type Found, type Rule, type Subject } from './finding.ts'
import { placeOfWord } from './places.ts'
import { contradictionIn, Reachable, settersOf } from './reachable.ts'

const POSITIVE = new Set(['when', 'when_all', 'when_any'])
const NEGATIVE = new Set(['when_not', 'when_none', 'when_not_all'])

export const FLAG_RULES: Record<string, Rule> = {
  'flag-never-set': {
    severity: 'warning',
    needsAll: true,
    about:
      'A handler or trigger waits for a flag that nothing sets, or code asks for such a flag; often a typo.',
    find: (subject) => [
      ...subject.model.handlers.flatMap((handler) =>
        waitsOf(handler, POSITIVE).flatMap((flag) =>
          neverSet(subject, flag, placeOfWord(subject.model, handler, flag)),
        ),
      ),
      ...askedNeverSet(subject),
    ],
  },
  'never-runs': {
    severity: 'warning',
    needsAll: true,
    about:
      'A handler can never run: its conditions contradict each other, or what they wait for is set only by handlers that can never run.',
    find: (subject) => {
      const reachable = new Reachable(subject)
      return subject.model.handlers.flatMap((handler) => neverRuns(subject, reachable, handler))
    },
  },
  'never-cleared': {
    severity: 'warning',
    needsAll: true,
    about:
      'A handler waits for `endpoint.X.changed`, one of its fields, or `endpoint.X.departed`, and nothing clears it: it runs again and again.',
    find: ({ model }) => model.handlers.flatMap((handler) => neverCleared(model, handler)),
  },
  'always-runs': {
    severity: 'warning',
    needsAll: true,
    about:
      'A handler waits only for the absence of flags that nothing in the charm sets: it runs in every hook.',
    find: (subject) => subject.model.handlers.flatMap((handler) => alwaysRuns(subject, handler)),
  },
  'flag-unused': {
    severity: 'note',
    needsAll: true,
    about: 'The top layer sets a flag that nothing waits for or asks about.',
    find: unusedFlags,
  },
}

function waitsOf({ conditions }: ModelHandler, kinds: ReadonlySet<string>): string[] {
  return [...new Set(conditions.filter(({ name }) => kinds.has(name)).flatMap(({ args }) => args))]
}

/** Questions whose words are flags. */
const QUESTIONS = /^(is_flag_set|is_state|(all|any)_flags_set|(all|any)_states)$/

/**
 * Flags that code asks for. An older version of the charm may have set them: without a nearer name it is a note, and in
 * a library, which asks for the flags of many charms, nothing.
 */
function askedNeverSet(subject: Subject): Found[] {
  const waited = new Set(subject.model.handlers.flatMap((handler) => waitsOf(handler, POSITIVE)))
  return callsIn(subject, ({ name }) => QUESTIONS.test(name)).flatMap(({ file, call }) =>
    call.words
      .filter(({ text, literal }) => literal && !text.includes('{') && !waited.has(text))
      .flatMap(({ text, line, column }) => neverSet(subject, text, { file, line, column }, true))
      .filter(({ severity }) => severity !== 'note' || !file.startsWith('lib/')),
  )
}

function neverSet(subject: Subject, flag: string, at: Omit<Found, 'message'>, mayBeOld = false): Found[] {
  const setters = settersOf(subject)
  const matching = setters.filter((pattern) => matchesPattern(pattern, flag))
  if (matching.some(saysSomething)) return []
  const near = meant(setters, flag)
  const hint = near === undefined ? '' : `: did you mean ${near}?`
  // Something sets a flag whose name only running the code could tell, or is in a package that is not here.
  const isUncertain = mayBeOld || matching.length > 0 || subject.model.registration.standIns.length > 0
  const severity = isUncertain && near === undefined ? { severity: 'note' as const } : {}
  return [{ ...at, ...severity, message: `nothing sets the flag: ${flag}${hint}` }]
}

/** A slip of the pen, swapped parts, or the automatic flag of an endpoint without its beginning. */
function meant(setters: readonly string[], flag: string): string | undefined {
  const known = setters.filter((pattern) => !pattern.includes('*'))
  const whole = `endpoint.${flag}`
  return nearest(flag, known) ?? known.find((other) => other === whole || isSwapped(other, flag))
}

/** `db.app` for `app.db`. */
function isSwapped(one: string, other: string): boolean {
  const parts = (flag: string) => flag.split('.').sort().join('.')
  return one !== other && one.includes('.') && parts(one) === parts(other)
}

function neverRuns(subject: Subject, reachable: Reachable, handler: ModelHandler): Found[] {
  const { model } = subject
  const contradiction = contradictionIn(handler)
  if (contradiction !== undefined) {
    const message = `the handler never runs: it waits for the flag and for its absence: ${contradiction}`
    return [{ ...placeOfWord(model, handler, contradiction), message }]
  }
  const missing = reachable.missingFor(handler)
  // A flag that nothing sets at all is said where it is waited for.
  if (
    missing === undefined ||
    missing.some((flag) => neverSet(subject, flag, placeOfWord(model, handler, flag)).length > 0)
  )
    return []
  const [flag = ''] = missing
  const message = `the handler never runs: what sets the flag never runs either: ${flag}`
  return [{ ...placeOfWord(model, handler, flag), message }]
}

const LASTING = /^endpoint\.[^.]+\.(changed(\..+)?|departed)$/s

function neverCleared(model: CharmModel, handler: ModelHandler): Found[] {
  const clears = [
    ...model.changes.filter(({ kind }) => kind === 'clear').map(({ flag }) => flag),
    ...model.triggers.flatMap(({ clearFlags }) => clearFlags),
  ]
  return waitsOf(handler, POSITIVE)
    .filter((flag) => LASTING.test(flag))
    .flatMap((flag) => {
      const matching = clears.filter((pattern) => matchesPattern(pattern, flag))
      if (matching.some(saysSomething)) return []
      const severity = matching.length > 0 ? { severity: 'note' as const } : {}
      return [
        { ...placeOfWord(model, handler, flag), ...severity, message: `nothing clears the flag: ${flag}` },
      ]
    })
}

function alwaysRuns(subject: Subject, handler: ModelHandler): Found[] {
  const { model } = subject
  const { conditions } = handler
  if (conditions.length === 0 || !conditions.every(({ name }) => NEGATIVE.has(name))) return []
  const setters = settersOf(subject)
  const absent = (flag: string) => !setters.some((pattern) => matchesPattern(pattern, flag))
  const flags = waitsOf(handler, NEGATIVE)
  const [flag = ''] = flags
  if (!flags.every(absent)) return []
  const message = `the handler runs in every hook: nothing sets the flag: ${flag}`
  const severity = model.registration.standIns.length > 0 ? { severity: 'note' as const } : {}
  return [{ ...placeOfWord(model, handler, flag), ...severity, message }]
}

/** Words that ask for flags in code. */
const ASKING =
  /^(is_flag_set|is_state|(all|any)_flags_set|(all|any)_states|get_flags|get_states|get_unset_flags|endpoint_from_flag|relation_from_flag|relation_from_state|get_state|any_file_changed|when.*|@when.*|.*not_unless|register_flags|charms_reactive)$/

function unusedFlags({ model, layerOf }: Subject): Found[] {
  const asked = [
    ...model.handlers.flatMap(({ conditions }) => conditions.flatMap(({ args }) => args)),
    ...model.triggers.flatMap(({ when, whenNot }) => [when ?? whenNot ?? '']),
    ...model.sources.flatMap(({ calls }) =>
      calls.filter(({ name }) => ASKING.test(name)).flatMap(({ words }) => words.map(({ text }) => text)),
    ),
  ]
  const top = model.layers.at(-1)
  const isTop = (file: string) => {
    const owner = layerOf(file)
    const isOfHandlers = model.registration.files.some(({ path }) => path === file)
    return isOfHandlers && (owner === undefined || owner === top) && interfaceOf(file) === undefined
  }
  const isAutomatic = (flag: string) => model.automatic.some((own) => matchesPattern(own.flag, flag))
  const literal = model.changes.filter(
    ({ kind, flag, file }) => kind === 'set' && !flag.includes('*') && isTop(file),
  )
  const unused = literal.filter(
    ({ flag }) => !isAutomatic(flag) && !asked.some((pattern) => matchesPattern(pattern, flag)),
  )
  const first = new Map(unused.toReversed().map((change) => [change.flag, change]))
  return [...first.values()].map(({ flag, file, line, column }) => ({
    file,
    line,
    column,
    message: `nothing waits for the flag: ${flag}`,
  }))
}
