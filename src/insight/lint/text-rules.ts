// Rules about what stands in handler files: slips that the engine cannot see, or that fail a hook.

import { interfaceOf } from '../../endpoints/interface-layers.ts'
import type { CharmModel } from '../charm-model.ts'
import type { SourceText } from '../sources/source.ts'
import { atTop, callsIn, type Found, isHandlerFile, placeOf, type Rule, type Subject } from './finding.ts'

export const TEXT_RULES: Record<string, Rule> = {
  'cannot-register': {
    severity: 'error',
    about: 'A handler file cannot register its handlers: every hook would fail.',
    find: (subject) => {
      const { faults } = subject.model.registration
      return faults
        .filter(({ file }) => !lacksMain(subject, file))
        .map(({ file, message }) => placeOfFault(file, message))
    },
  },
  'is-leader-status': {
    severity: 'warning',
    about:
      "The exit status of Juju's `is-leader` is always 0: compare its output, or ask the helper `is_flag_set leadership.is_leader`.",
    find: (subject) =>
      callsIn(subject, ({ name, asked }) => name === 'is-leader' && asked === true).map(({ file, call }) => ({
        ...placeOf(file, call),
        message:
          'the status of is-leader is always 0, whether the unit leads or not: ask is_flag_set leadership.is_leader',
      })),
  },
  'leader-set-unguarded': {
    severity: 'warning',
    about:
      'A handler calls `leader_set` without waiting for `leadership.is_leader`: on other units the hook fails.',
    find: unguardedLeaderSet,
  },
  'not-a-handler-file': {
    severity: 'warning',
    about: 'A file looks like a handler file but is not: no execute bit, no `#!`, a dead link.',
    find: ({ model }) =>
      model.registration.nearMisses
        .filter(({ path: file, reason }) => !isOfTwoLayers(reason) && mayBeHandlerFile(file))
        .map(({ path: file, reason }) => ({ ...atTop(file), message: `not a handler file: ${reason}` })),
  },
  'no-handler-main': {
    severity: 'warning',
    about:
      'A handler file in bash has decorators, but does not end with `reactive_handler_main`: its handlers never run.',
    find: (subject) =>
      subject.model.sources
        .filter((source) => isHandlerFile(subject, source) && lacksMain(subject, source.path))
        .map(({ path: file, calls }) => ({
          ...placeOf(
            file,
            calls.find(({ name }) => name.startsWith('@')),
          ),
          message: 'the file does not end with reactive_handler_main: its handlers never run',
        })),
  },
  'same-function': {
    severity: 'warning',
    about: 'Two functions of a file have the same name: the second replaces the first.',
    find: ({ model }) => model.sources.flatMap((source) => sameFunctions(model, source)),
  },
  'two-layer-files': {
    severity: 'warning',
    about: 'The charm has an interface layer twice: only one of the files is used.',
    find: ({ model }) => [
      ...model.registration.nearMisses
        .filter(({ reason }) => isOfTwoLayers(reason))
        .map(({ path: file, reason }) => ({ ...atTop(file), message: `the file is not used: ${reason}` })),
      ...twiceImplemented(model),
    ],
  },
}

/** The place that a message names, `…: reactive/app.sh:12: …`. */
function placeOfFault(file: string, message: string): Found {
  const [, at, line] = /([\w./-]+\.\w+):(\d+)/.exec(message) ?? []
  return { file: at ?? file, line: Number(line ?? 1), column: 1, message }
}

function lacksMain({ model }: Subject, file: string): boolean {
  const source = model.sources.find((one) => one.path === file)
  if (source?.language !== 'bash') return false
  const names = source.calls.map(({ name }) => name)
  return (
    names.some((name) => name.startsWith('@')) &&
    !names.includes('reactive_handler_main') &&
    sourcesLibrary(source)
  )
}

function sourcesLibrary({ calls }: SourceText): boolean {
  return calls.some(
    ({ name, words }) =>
      /^(source|\.)$/.test(name) && words.some(({ text }) => text.includes('charms.reactive.sh')),
  )
}

const isOfTwoLayers = (reason: string) => reason.startsWith('the same interface layer')

/** Beside an interface layer stand its tests and what makes its documentation. */
function mayBeHandlerFile(file: string): boolean {
  return !/(^|\/)relations\//.test(file) || interfaceOf(file) !== undefined
}

/** Handlers that can only run on the leader, and functions that ask. */
function unguardedLeaderSet(subject: Subject): Found[] {
  const { model } = subject
  return callsIn(subject, ({ name }) => /^leader[-_]set$/.test(name)).flatMap(({ file, call }) => {
    const source = model.sources.find((one) => one.path === file)
    const body = source?.functions.find(({ line, end }) => line <= call.line && call.line <= end)
    const asks = source?.calls.some(
      ({ name, line, words }) =>
        body !== undefined &&
        line >= body.line &&
        line <= call.line &&
        (/^is[-_]leader$/.test(name) || words.some(({ text }) => text === 'leadership.is_leader')),
    )
    if (asks) return []
    const callers = model.handlers.filter(
      (handler) => handler.file === file && handler.function === call.inside,
    )
    return callers
      .filter(({ conditions }) => !conditions.some(isLeaderOnly))
      .slice(0, 1)
      .map(({ id }) => ({
        ...placeOf(file, call),
        handler: id,
        message: 'only the leader may set this: let the handler wait for leadership.is_leader',
      }))
  })
}

function isLeaderOnly({ name, args }: { name: string; args: readonly string[] }): boolean {
  if (name === 'hook') return args.every((hook) => hook === 'leader-elected')
  return /^when(_all)?$/.test(name) && args.includes('leadership.is_leader')
}

/** Functions at the margin: those of branches, or of classes, are others. Each handler keeps its own function. */
function sameFunctions(
  { handlers }: CharmModel,
  { path: file, language, functions, calls }: SourceText,
): Found[] {
  if (language === 'javascript' || calls.some(({ name }) => name === 'overload')) return []
  const own = handlers.filter((handler) => handler.file === file)
  const seen = new Map<string, number>()
  return functions.flatMap(({ name, line, column }) => {
    const first = seen.get(name)
    const isHandler = own.filter((handler) => handler.function === name).length > 1
    if (column !== 1 || isHandler) return []
    seen.set(name, line)
    if (first === undefined) return []
    return [{ file, line, column, message: `the function replaces the one in line ${first}: ${name}` }]
  })
}

function twiceImplemented({ registration }: CharmModel): Found[] {
  const seen = new Map<string, string>()
  return registration.files.flatMap(({ path: file }) => {
    const layer = interfaceOf(file)
    if (layer === undefined) return []
    const key = `${layer.interface} ${layer.role}`
    const first = seen.get(key)
    seen.set(key, file)
    if (first === undefined) return []
    return [{ ...atTop(file), message: `another file is the same interface layer: ${first}` }]
  })
}
