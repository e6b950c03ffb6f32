// Where a charm declares what it is: in metadata.yaml, config.yaml and actions.yaml, which is all that Juju reads, or
// in the one charmcraft.yaml, which is split into those when the charm is packed. A file of its own wins.

import { join } from 'node:path'
import { stringify } from 'yaml'
import { CHARMCRAFT } from '../charm-dir.ts'
import type { YamlMap } from './declarations.ts'
import { readYamlFile, type YamlPart } from './yaml-file.ts'
import { isMapping } from './yaml-values.ts'

/** The files that Juju reads. */
export const DECLARATIONS = ['metadata.yaml', 'config.yaml', 'actions.yaml'] as const
export type Declaration = (typeof DECLARATIONS)[number]

/** What charmcraft hands on to Juju under the same name. */
const METADATA_KEYS = [
  ...['name', 'summary', 'description', 'assumes', 'charm-user', 'containers', 'devices', 'extra-bindings'],
  ...['peers', 'provides', 'requires', 'resources', 'storage', 'subordinate', 'terms'],
]

/** A declaration of the charm, wherever it stands; undefined where it has none. */
export function readDeclaration(charmDir: string, name: Declaration): YamlPart | undefined {
  return readYamlFile(join(charmDir, name)) ?? fromCharmcraft(charmDir, name)
}

/** The texts of the files that charmcraft.yaml stands for: those that the charm does not have by themselves. */
export function splitTexts(charmDir: string): Map<Declaration, string> {
  const texts = new Map<Declaration, string>()
  if (readYamlFile(join(charmDir, CHARMCRAFT)) === undefined) return texts
  for (const name of DECLARATIONS) {
    if (readYamlFile(join(charmDir, name)) !== undefined) continue
    const value = fromCharmcraft(charmDir, name)?.value
    // Words such as `yes` stay text for readers of YAML 1.1, which Juju and Python's are.
    if (isMapping(value)) texts.set(name, stringify(value, { version: '1.1', lineWidth: 0 }))
  }
  return texts
}

function fromCharmcraft(charmDir: string, name: Declaration): YamlPart | undefined {
  const file = readYamlFile(join(charmDir, CHARMCRAFT))
  if (file === undefined || !isMapping(file.value)) return undefined
  if (name !== 'metadata.yaml') return file.part(name.replace('.yaml', ''))
  // Beside metadata.yaml it says how to build, and no more.
  return Object.hasOwn(file.value, 'name') ? file.withValue(toMetadata(file.value)) : undefined
}

/** The keys of Juju's metadata; some have another name there. */
function toMetadata(raw: YamlMap): YamlMap {
  const { documentation, contact, ...links } = isMapping(raw.links) ? raw.links : ({} as YamlMap)
  const named: [string, unknown][] = [
    ...METADATA_KEYS.map((key): [string, unknown] => [key, raw[key]]),
    ['display-name', raw.title],
    ['docs', documentation],
    ['maintainers', typeof contact === 'string' ? [contact] : contact],
    ...Object.entries(links),
  ]
  const present = named.filter(([, value]) => value !== undefined && value !== null)
  return Object.assign(Object.create(null), Object.fromEntries(present))
}
