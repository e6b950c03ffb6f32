// Options in layer.yaml that nobody defines, and the toolkit's own with a value that they do not take: a slip of the
// pen there is silent otherwise. The dispatch warns of them.

import { ReactiveError } from '../../errors.ts'
import { suggestion } from '../../system/nearest.ts'
import { isMapping, type Layer, readLayer, showValue } from '../charm-files.ts'
import { OWN_OPTION_NAMES, settingFault } from '../layer-settings.ts'
import { findDefinitions } from './definitions.ts'

/** What the toolkit itself reads, since a built charm has no definitions any more. */
const KNOWN: Readonly<Record<string, readonly string[]>> = {
  reactive: OWN_OPTION_NAMES,
  basic: ['packages', 'python_packages', 'use_venv', 'include_system_packages'],
}

/** A line for each option that neither the toolkit nor `defines` knows, or that has no value that the toolkit knows. */
export function unknownOptions(charmDir: string): string[] {
  try {
    const layer = readLayer(charmDir)
    return layer === undefined
      ? []
      : Object.keys(layer.options).flatMap((name) => unknownOf(layer, charmDir, name))
  } catch (error) {
    // What is wrong with the file is told to whoever needs something of it.
    if (error instanceof ReactiveError) return []
    throw error
  }
}

function unknownOf(layer: Layer, charmDir: string, name: string): string[] {
  const set = layer.options[name]
  const known = Object.hasOwn(KNOWN, name) ? (KNOWN[name] ?? []) : []
  const defined = Object.keys(findDefinitions(layer, charmDir, name)?.schemas ?? {})
  const names = [...known, ...defined]
  // Where nothing is defined, nothing can be said.
  if (names.length === 0 || !isMapping(set)) return []
  const faults = name === 'reactive' ? Object.entries(set).flatMap(faultOf) : []
  return [
    ...Object.keys(set)
      .filter((option) => !names.includes(option))
      .map((option) => `layer.yaml: no such option of layer ${name}: ${option}${suggestion(option, names)}`),
    ...faults,
  ]
}

function faultOf([option, value]: [string, unknown]): string[] {
  const takes = settingFault(option, value)
  if (takes === undefined) return []
  return [`layer.yaml: layer option reactive ${option} takes ${takes}: ${showValue(value)}`]
}
