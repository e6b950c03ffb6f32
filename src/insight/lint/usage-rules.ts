// Rules about what handler files use of the charm's other files: sources, options, methods of interface layers.

import fs from 'node:fs'
import path from 'node:path'
import { readConfigOptions } from '../../charm/charm-files.ts'
import { Endpoint } from '../../endpoints/endpoint.ts'
import { interfaceOf } from '../../endpoints/interface-layers.ts'
import { RelationBase } from '../../endpoints/old-style/relation-base.ts'
import { suggestion } from '../../system/nearest.ts'
import { type SourceText, snakeCase } from '../sources/source.ts'
import { callsIn, type Found, placeOf, placeOfKey, type Rule, type Subject } from './finding.ts'

export const USAGE_RULES: Record<string, Rule> = {
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
