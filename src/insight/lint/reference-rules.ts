// Rules about what a charm refers to and does not declare.

import fs from 'node:fs'
import path from 'node:path'
import { isMapping, readActions, readConfigOptions, readLayer } from '../../charm/charm-files.ts'
import { hasLayer, layerOptions } from '../../charm/layer-options.ts'
import { parseHookName } from '../../juju/hook-names.ts'
import { suggestion } from '../../system/nearest.ts'
import type { ModelHandler } from '../charm-model.ts'
import type { Call, SourceText, Word } from '../sources/source.ts'
import { Called } from './called.ts'
import type { Found, Rule, Subject } from './finding.ts'
import { placeOfWord } from './places.ts'

/** A name that somebody refers to, with its place. */
interface Reference {
  name: string
  /** With a severity where it is not that of the rule. */
  at: Omit<Found, 'message'>
}

/** Every charm provides it. */
const IMPLICIT = ['juju-info']

export const REFERENCE_RULES: Record<string, Rule> = {
  'unknown-endpoint': {
    severity: 'error',
    needsAll: true,
    about: 'A hook, a flag or a call names an endpoint that `metadata.yaml` does not declare.',
    find: (subject) => {
      const known = [...subject.metadata.endpoints.map(({ name }) => name), ...IMPLICIT]
      return unknown('no such endpoint in metadata.yaml', known, endpointReferences(subject))
    },
  },
  'unknown-option': {
    severity: 'error',
    needsAll: true,
    about: 'A call or a flag names an option that `config.yaml` does not declare.',
    find: (subject) => {
      const known = [...readConfigOptions(subject.charmDir).keys()]
      const flags = flagReferences(subject, /^config\.(?:changed|set|default)\.(.+)$/s)
      return unknown('no such option in config.yaml', known, [
        ...callReferences(subject, optionWords),
        ...flags,
      ])
    },
  },
  'unknown-action': {
    severity: 'error',
    needsAll: true,
    about: '`@action` names an action that `actions.yaml` does not declare: Juju never asks for it.',
    find: (subject) => {
      const references = subject.model.handlers.flatMap((handler) =>
        handler.actions.map((name) => ({ name, at: placeOfWord(subject.model, handler, name) })),
      )
      return unknown('no such action in actions.yaml', [...readActions(subject.charmDir).keys()], references)
    },
  },
  'unknown-storage': {
    severity: 'error',
    needsAll: true,
    about: '`@hook` names a hook of a storage that `metadata.yaml` does not declare.',
    find: (subject) =>
      unknown(
        'no such storage in metadata.yaml',
        subject.metadata.storage,
        hookReferences(subject, 'storage'),
      ),
  },
  'unknown-resource': {
    severity: 'error',
    needsAll: true,
    about: '`resource_get` names a resource that `metadata.yaml` does not declare.',
    find: (subject) => {
      const { resources } = subject.metadata.raw
      const known = isMapping(resources) ? Object.keys(resources) : []
      return unknown(
        'no such resource in metadata.yaml',
        known,
        callReferences(subject, ({ name, words }) =>
          /^resource[-_]get$/.test(name) ? words.slice(0, 1) : [],
        ),
      )
    },
  },
  'unknown-template': {
    severity: 'error',
    needsAll: true,
    about: '`render_template` names a file that is not below `templates/`.',
    find: (subject) => {
      const known = templatesOf(subject.charmDir)
      return unknown('no such file below templates/', known, callReferences(subject, templateWords))
    },
  },
  'unknown-layer-option': {
    severity: 'error',
    needsAll: true,
    about: '`layer_option` names an option that its layer neither sets nor defines.',
    find: (subject) => subject.model.sources.flatMap((source) => layerFaults(subject, source)),
  },
}

function unknown(rule: string, known: readonly string[], references: readonly Reference[]): Found[] {
  return references
    .filter(({ name }) => !name.includes('*') && !known.includes(name))
    .map(({ name, at }) => ({ ...at, message: `${rule}: ${name}${suggestion(name, known)}` }))
}

function callReferences(subject: Subject, wordsOf: (call: Call) => readonly Word[]): Reference[] {
  const called = new Called(subject)
  return subject.model.sources.flatMap(({ path: file, calls }) =>
    calls.flatMap((call) => {
      const severity = called.canRun(file, call) ? {} : { severity: 'note' as const }
      return wordsOf(call)
        .filter(({ literal }) => literal)
        .map(({ text, line, column }) => ({ name: text, at: { file, line, column, ...severity } }))
    }),
  )
}

/** What a pattern finds in the flags that handlers wait for. */
function flagReferences({ model }: Subject, pattern: RegExp): Reference[] {
  return model.handlers.flatMap((handler) =>
    waitedFor(handler).flatMap((flag) => {
      const name = pattern.exec(flag)?.[1]
      return name === undefined ? [] : [{ name, at: placeOfWord(model, handler, flag) }]
    }),
  )
}

function waitedFor({ conditions }: ModelHandler): readonly string[] {
  return conditions.filter(({ name }) => /^when_?(?!file)/.test(name)).flatMap(({ args }) => args)
}

function hookReferences({ model }: Subject, kind: string): Reference[] {
  return model.handlers.flatMap((handler) =>
    handler.conditions
      .filter(({ name }) => name === 'hook')
      .flatMap(({ args }) => args)
      .filter((hook) => !hook.includes('{') && parseHookName(hook).kind === kind)
      .map((hook) => ({ name: parseHookName(hook).subject, at: placeOfWord(model, handler, hook) })),
  )
}

function endpointReferences(subject: Subject): Reference[] {
  const calls = callReferences(subject, ({ name, words: [first], options }) => {
    // `relation_call --flag FLAG METHOD` names none.
    if (first === undefined || Object.keys(options).length > 0) return []
    return /^(endpoint_from_name|relation_call|relation_from_name)$/.test(name) ? [first] : []
  })
  return [
    ...hookReferences(subject, 'relation'),
    ...flagReferences(subject, /^endpoint\.([^.]+)\.(?:joined|changed|departed)(?:\.|$)/s),
    ...calls,
  ]
}

/** Only what is surely the configuration: `config` in Python is often a dictionary of somebody else. */
function optionWords({ name, words: [first], options }: Call): readonly Word[] {
  if (first === undefined || Object.keys(options).length > 0) return []
  return /^(config[-_]get|config|config\(\)\[\])$/.test(name) ? [first] : []
}

function templateWords({ name, owner, words, options }: Call): readonly Word[] {
  const isRender =
    name === 'render_template' || (name === 'render' && /^(templating|core)?$/.test(owner ?? ''))
  if (!isRender || options.templates_dir !== undefined || options.template_loader !== undefined) return []
  const source = options.source ?? (words.length > 1 || name === 'render_template' ? words.slice(0, 1) : [])
  return source.filter(({ text }) => text !== '' && !text.startsWith('/'))
}

function templatesOf(charmDir: string): string[] {
  const dir = path.join(charmDir, 'templates')
  return fs.existsSync(dir) ? (fs.readdirSync(dir, { recursive: true }) as string[]) : []
}

function layerFaults({ charmDir }: Subject, { path: file, calls }: SourceText): Found[] {
  if (readLayer(charmDir) === undefined) return []
  return calls.flatMap(({ name, words: [layer, option] }): Found[] => {
    if (name !== 'layer_option' || !layer?.literal || !option?.literal || !hasLayer(charmDir, layer.text))
      return []
    const known = Object.keys(layerOptions(charmDir, layer.text))
    if (known.length === 0 || known.includes(option.text)) return []
    const { line, column, text } = option
    return [
      {
        file,
        line,
        column,
        message: `no such option of layer ${layer.text}: ${text}${suggestion(text, known)}`,
      },
    ]
  })
}
