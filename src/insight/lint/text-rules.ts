// Rules about what stands in handler files: slips that the engine cannot see, or that fail a hook.

import fs from 'node:fs'
import path from 'node:path'
import { readConfigOptions } from '../../charm/charm-files.ts'
import { Endpoint } from '../../endpoints/endpoint.ts'
import { interfaceOf } from '../../endpoints/interface-layers.ts'
import { RelationBase } from '../../endpoints/old-style/relation-base.ts'
import { suggestion } from '../../system/nearest.ts'
import type { CharmModel } from '../charm-model.ts'
import { type Call, type SourceText, snakeCase } from '../sources/source.ts'
import { atTop, type Found, isHandlerFile, placeOfKey, type Rule, type Subject } from './finding.ts'

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
    about: 'A file looks like a handler file but is none: no execute bit, no `#!`, a dead link.',
    find: ({ model }) =>
      model.registration.nearMisses
        .filter(({ path: file, reason }) => !isOfTwoLayers(reason) && mayBeHandlerFile(file))
        .map(({ path: file, reason }) => ({ ...atTop(file), message: `not a handler file: ${reason}` })),
  },
  'no-handler-main': {
    severity: 'warning',
    about:
      'A handler file in bash has decorators, and does not end with `reactive_handler_main`: none of them counts.',
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
    about: 'Two functions of a file have one name: the second replaces the first.',
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
  'missing-source': {
    severity: 'warning',
    about: '`source` names a file that the charm does not have.',
    find: (subject) => subject.model.sources.flatMap((source) => missingSources(subject, source)),
  },
  'option-unused': {
    severity: 'note',
    needsAll: true,
    about: '`config.yaml` declares an option that nothing reads.',
    find: unusedOptions,
  },
  'unknown-method': {
    severity: 'note',
    needsAll: true,
    about: '`relation_call` calls a method that the interface layer does not have.',
    find: unknownMethods,
  },
}

function placeOf(file: string, call: { line: number; column: number } | undefined) {
  return { file, line: call?.line ?? 1, column: call?.column ?? 1 }
}

/** The place that a message names, `…: reactive/app.sh:12: …`. */
function placeOfFault(file: string, message: string): Found {
  const [, at, line] = /([\w./-]+\.\w+):(\d+)/.exec(message) ?? []
  return { file: at ?? file, line: Number(line ?? 1), column: 1, message }
}

function callsIn({ model }: Subject, isMeant: (call: Call) => boolean) {
  return model.sources.flatMap(({ path: file, calls }) =>
    calls.filter(isMeant).map((call) => ({ file, call })),
  )
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
    return [{ file, line, column, message: `the function replaces that of line ${first}: ${name}` }]
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

/** What a path leads to, from the charm dir, where every file of a charm runs; other variables say nothing. */
function missingSources({ charmDir }: Subject, { path: file, language, calls }: SourceText): Found[] {
  if (language !== 'bash') return []
  return calls.flatMap(({ name, words: [first] }) => {
    if (!/^(source|\.)$/.test(name) || first === undefined || !first.literal) return []
    const { text, line, column } = first
    if (!text.includes('/') || /^(~|\/|\.\.)/.test(path.normalize(text))) return []
    if (fs.existsSync(path.join(charmDir, text))) return []
    return [{ file, line, column, message: `the charm has no such file: ${text}` }]
  })
}

/** An option may be read in any way that names it. */
function unusedOptions(subject: Subject): Found[] {
  const { charmDir, model, textOf } = subject
  const options = [...readConfigOptions(charmDir).keys()]
  if (options.length === 0) return []
  const texts = [...model.sources.map(({ path: file }) => file), ...templates(charmDir)].map(textOf)
  const isNamed = (option: string) => {
    const pattern = new RegExp(
      `(?<![\\w-])${option.replaceAll('-', '[-_]').replaceAll('.', '\\.')}(?![\\w-])`,
    )
    return texts.some((text) => pattern.test(text))
  }
  return options
    .filter((option) => !isNamed(option))
    .map((option) => ({
      ...placeOfKey(subject, 'config.yaml', 'options', option),
      message: `nothing reads the option: ${option}`,
    }))
}

function templates(charmDir: string): string[] {
  const dir = path.join(charmDir, 'templates')
  if (!fs.existsSync(dir)) return []
  return (fs.readdirSync(dir, { recursive: true }) as string[]).map((file) => path.join('templates', file))
}

/** What every endpoint has. */
function commonMethods(): string[] {
  const own = [Endpoint, RelationBase].flatMap(({ prototype }) => Object.getOwnPropertyNames(prototype))
  return own.flatMap((name) => [name, snakeCase(name)])
}

function unknownMethods(subject: Subject): Found[] {
  const { metadata, model } = subject
  return callsIn(subject, ({ name }) => name === 'relation_call').flatMap(({ file, call }) => {
    const [endpoint, method] = call.words
    const declared = metadata.endpoints.find(({ name }) => name === endpoint?.text)
    if (Object.keys(call.options).length > 0) return []
    if (declared === undefined || method === undefined || !method.literal || endpoint?.literal !== true)
      return []
    const layers = model.sources.filter(({ path: own }) => {
      const layer = interfaceOf(own)
      return layer?.interface === declared.interface && layer.role === declared.role
    })
    const own = layers.flatMap(({ functions }) => functions.map(({ name }) => name))
    const known = [...own, ...own.map(snakeCase), ...commonMethods()]
    if (layers.length === 0 || known.includes(method.text)) return []
    const message = `the interface ${declared.interface} has no such method: ${method.text}${suggestion(method.text, own)}`
    return [{ ...placeOf(file, method), message }]
  })
}
