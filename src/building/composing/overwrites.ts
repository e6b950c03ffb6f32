// Files that two layers have. The upper one counts, and that is an error unless somebody says that it is meant: two
// layers that do not know of each other would lose one of the files in silence.

import { ReactiveError } from '../../errors.ts'
import { isSame, matcher, matcherOf } from '../layers/layer-files.ts'
import type { Contribution } from './contributions.ts'

export interface Overwrite {
  path: string
  /** The layer whose file counts. */
  by: string
  /** The one whose file is lost. */
  of: string
}

/** Files that every layer has, about itself. */
const OF_EVERY_LAYER = matcher(
  `/README* /LICENSE* /LICENCE* /COPYING* /CHANGELOG* /CONTRIBUTING* /HACKING* /AUTHORS* /icon.svg /Makefile
   /tox.ini /setup.cfg /pyproject.toml /charmcraft.yaml /.* /*requirements*.txt /docs/ /tests/ /unit_tests/
   /revision /version`.split(/\s+/),
)

const SHOWN = 5

/** What is overwritten by the contributions to each path. */
export function findOverwrites(
  all: Iterable<[path: string, contributions: readonly Contribution[]]>,
): Overwrite[] {
  const found: Overwrite[] = []
  for (const [path, contributions] of all)
    contributions.forEach(({ layer, file }, index) => {
      const below = contributions[index - 1]
      if (
        below !== undefined &&
        !isSame(below.file, file) &&
        !OF_EVERY_LAYER(path) &&
        !matcherOf(layer, 'overwrites')(path)
      )
        found.push({ path, by: layer.url, of: below.layer.url })
    })
  return found
}

/** Throw an error that names them, unless there are none. */
export function refuseOverwrites(found: readonly Overwrite[]): void {
  if (found.length === 0) return
  const shown = found.slice(0, SHOWN).map(({ path, by, of }) => `${path} (${by} over ${of})`)
  const more = found.length > SHOWN ? ` and ${found.length - SHOWN} more` : ''
  const remedy = 'list them under overwrites in the layer.yaml of the upper layer, or give --allow-overwrites'
  throw new ReactiveError(
    `layers have different files of the same name: ${remedy}: ${shown.join(', ')}${more}`,
  )
}
