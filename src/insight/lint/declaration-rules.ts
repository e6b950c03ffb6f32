// Rules about a charm's declarations: what Juju refuses, and what `charm proof` asks for and a reader misses.

import fs from 'node:fs'
import path from 'node:path'
import { checkConfigDefaults, isMapping, readActions } from '../../charm/charm-files.ts'
import { messageOf } from '../../errors.ts'
import { type Found, placeOfKey, type Rule, type Subject } from './finding.ts'

/** What Juju takes as the name of a charm (juju/names). */
const CHARM_NAME = /^[a-z][a-z0-9]*(-[a-z0-9]*[a-z][a-z0-9]*)*$/
/** What an endpoint may say. */
const ENDPOINT_KEYS = new Set(['interface', 'scope', 'limit', 'optional', 'gets', 'description'])

export const DECLARATION_RULES: Record<string, Rule> = {
  'bad-name': {
    severity: 'error',
    about: 'Juju refuses the name of the charm or of an endpoint; names with `juju-` are reserved.',
    find: (subject) => {
      const { name, endpoints } = subject.metadata
      const isReserved = ({ name: endpoint, role }: (typeof endpoints)[number]) =>
        endpoint === 'juju' ||
        (endpoint.startsWith('juju-') && (role === 'provides' || endpoint !== 'juju-info'))
      return [
        ...(CHARM_NAME.test(name)
          ? []
          : [
              {
                ...placeOfKey(subject, 'metadata.yaml', 'name'),
                message: `Juju refuses this name for a charm: ${name}`,
              },
            ]),
        ...endpoints.filter(isReserved).map((endpoint) => ({
          ...placeOfKey(subject, 'metadata.yaml', endpoint.role, endpoint.name),
          message: `names with juju- are reserved: ${endpoint.name}`,
        })),
      ]
    },
  },
  'bad-config-default': {
    severity: 'error',
    about: 'The default of an option is not of its type: Juju refuses the charm.',
    find: ({ charmDir }) => {
      try {
        checkConfigDefaults(charmDir)
        return []
      } catch (error) {
        return [declarationFault(charmDir, messageOf(error))]
      }
    },
  },
  'no-summary': {
    severity: 'warning',
    about: '`metadata.yaml` has no summary or no description: the charm store shows them.',
    find: (subject) =>
      ['summary', 'description']
        .filter((key) => !isText(subject.metadata.raw[key]))
        .map((key) => ({
          ...placeOfKey(subject, 'metadata.yaml', 'name'),
          message: `metadata.yaml has no ${key}`,
        })),
  },
  'bad-endpoint': {
    severity: 'warning',
    about:
      'An endpoint of `metadata.yaml` has a key that Juju does not know, or a scope other than `global` and `container`.',
    find: badEndpoints,
  },
  'action-without-handler': {
    severity: 'warning',
    needsAll: true,
    about: '`actions.yaml` declares an action for which there is no script and no `@action`.',
    find: unhandledActions,
  },
}

const isText = (value: unknown) => typeof value === 'string' && value.trim() !== ''

/** An error of a declaration names its file with line and column. */
export function declarationFault(charmDir: string, message: string): Found {
  const [, file, line, column] = /([^\s:]+\.yaml):(\d+):(\d+)/.exec(message) ?? []
  const own = file === undefined ? 'metadata.yaml' : path.relative(path.resolve(charmDir), path.resolve(file))
  const text = message
    .replaceAll(`${path.resolve(charmDir)}${path.sep}`, '')
    .replace(/^\S+\.yaml:\d+:\d+: /, '')
  return { file: own, line: Number(line ?? 1), column: Number(column ?? 1), message: text }
}

function badEndpoints(subject: Subject): Found[] {
  const { metadata } = subject
  return metadata.endpoints.flatMap(({ name, role }) => {
    const roles = metadata.raw[role]
    const raw = isMapping(roles) ? roles[name] : undefined
    if (!isMapping(raw)) return []
    const at = (key: string) => placeOfKey(subject, 'metadata.yaml', role, name, key)
    const odd = Object.keys(raw).filter((key) => !ENDPOINT_KEYS.has(key))
    const scope = raw.scope ?? 'global'
    return [
      ...odd.map((key) => ({ ...at(key), message: `an endpoint has no such key: ${key}` })),
      ...(scope === 'global' || scope === 'container'
        ? []
        : [{ ...at('scope'), message: `a scope is global or container: ${String(scope)}` }]),
    ]
  })
}

function unhandledActions(subject: Subject): Found[] {
  const { charmDir, model } = subject
  // A foreign executable may take any action.
  if (model.handlers.some(({ flags }) => flags === 'any')) return []
  const handled = new Set(model.handlers.flatMap(({ actions }) => actions))
  return [...readActions(charmDir).keys()]
    .filter((name) => !handled.has(name) && !fs.existsSync(path.join(charmDir, 'actions', name)))
    .map((name) => ({
      ...placeOfKey(subject, 'actions.yaml', name),
      message: `the action has no script and no handler: ${name}`,
    }))
}
