// What a charm declares, as the simulated Juju and the rules need it.

import fs from 'node:fs'
import path from 'node:path'
import { CHARMCRAFT } from '../../charm/charm-dir.ts'
import type {
  ActionDeclaration,
  ConfigOption,
  EndpointDeclaration,
  Metadata,
  YamlMap,
} from '../../charm/charm-files/declarations.ts'
import { DECLARATIONS } from '../../charm/charm-files/sources.ts'
import {
  checkConfigDefaults,
  isMapping,
  readActions,
  readConfigOptions,
  readMetadata,
} from '../../charm/charm-files.ts'
import { messageOf } from '../../errors.ts'

export interface Charm {
  metadata: Metadata
  config: ReadonlyMap<string, ConfigOption>
  actions: ReadonlyMap<string, ActionDeclaration>
  /** Why Juju does not take its config.yaml, in one line. */
  configFault: string | undefined
}

const FILES = [...DECLARATIONS, CHARMCRAFT]
/** By the text of the files: a suite of tests runs one charm in many units, and YAML takes its time. */
const READ = new Map<string, Charm>()
const REMEMBERED = 16

/** Read what the charm in a directory declares. */
export function readCharm(charmDir: string): Charm {
  const text = FILES.map((name) => textOf(path.join(charmDir, name))).join('\0')
  const known = READ.get(text)
  if (known !== undefined) return known
  const charm = {
    metadata: readMetadata(charmDir),
    config: readConfigOptions(charmDir),
    actions: readActions(charmDir),
    configFault: configFaultOf(charmDir),
  }
  READ.set(text, charm)
  for (const oldest of READ.keys()) if (READ.size > REMEMBERED) READ.delete(oldest)
  return charm
}

/** The units of a suite have copies of one charm: the line names the file, not where it is. */
function configFaultOf(charmDir: string): string | undefined {
  try {
    checkConfigDefaults(charmDir)
    return undefined
  } catch (error) {
    return messageOf(error).replace(path.resolve(charmDir) + path.sep, '')
  }
}

function textOf(file: string): string {
  return fs.statSync(file, { throwIfNoEntry: false })?.isFile() ? fs.readFileSync(file, 'latin1') : '-'
}

/** A map of metadata.yaml; empty when there is none. */
export function declared({ metadata }: Charm, key: string): YamlMap {
  const value = metadata.raw[key]
  return isMapping(value) ? value : {}
}

/** The whole declaration of an endpoint, with `scope` and `limit`. */
export function endpointOf(
  { metadata }: Charm,
  name: string,
): (EndpointDeclaration & { limit: number | undefined }) | undefined {
  const endpoint = metadata.endpoints.find((candidate) => candidate.name === name)
  if (endpoint === undefined) return undefined
  const roles = metadata.raw[endpoint.role]
  const raw = isMapping(roles) ? roles[name] : undefined
  const limit = isMapping(raw) && typeof raw.limit === 'number' ? raw.limit : undefined
  return { ...endpoint, limit }
}

/** Every charm provides it. */
const IMPLICIT = 'juju-info'

export function hasEndpoint(charm: Charm, name: string): boolean {
  return name === IMPLICIT || endpointOf(charm, name) !== undefined
}
