// The options of the layer `basic` that concern packages, checked for their shape.

import { isMapping, type Layer, readLayer, wrong, type YamlMap } from '../../charm/charm-files.ts'

const BASIC = ['options', 'basic']

export interface BasicOptions {
  /** Debian packages, as apt-get takes them. */
  packages: string[]
  /** What pip takes. */
  pythonPackages: string[]
  useVenv: boolean
  includeSystemPackages: boolean
}

/** The options as layer.yaml sets them, else with the original's defaults. */
export function readBasicOptions(charmDir: string): BasicOptions {
  const layer = readLayer(charmDir)
  if (layer === undefined) {
    return { packages: [], pythonPackages: [], useVenv: true, includeSystemPackages: false }
  }
  return {
    packages: listOption(layer, 'packages'),
    pythonPackages: listOption(layer, 'python_packages'),
    useVenv: booleanOption(layer, 'use_venv', true),
    includeSystemPackages: booleanOption(layer, 'include_system_packages', false),
  }
}

/** Names of packages, none of which the command that gets it could take for an option. */
function listOption(layer: Layer, name: string): string[] {
  const value = basicOptions(layer)[name] ?? []
  if (!Array.isArray(value)) throw wrong(layer.file, [...BASIC, name], 'must be a list', value)
  return value.map((item: unknown, index) => {
    if (typeof item === 'string' && /^[^\s-]/.test(item)) return item
    throw wrong(layer.file, [...BASIC, name, index], 'must be the name of a package', item)
  })
}

function booleanOption(layer: Layer, name: string, byDefault: boolean): boolean {
  const value = basicOptions(layer)[name] ?? byDefault
  if (typeof value === 'boolean') return value
  throw wrong(layer.file, [...BASIC, name], 'must be true or false', value)
}

function basicOptions(layer: Layer): YamlMap {
  const basic = layer.options.basic ?? {}
  if (isMapping(basic)) return basic
  throw wrong(layer.file, BASIC, 'must be a map', basic)
}
