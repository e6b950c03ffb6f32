// Interface layers in a charm: the files of each under `hooks/relations/NAME`, in whatever language they are.

import path from 'node:path'
import type { Metadata } from '../../charm/charm-files.ts'
import { ReactiveError } from '../../errors.ts'
import { textEntry } from '../entries.ts'
import type { Layer } from '../layers/layer.ts'
import { type LayerFile, type LayerFiles, matcher } from '../layers/layer-files.ts'
import type { Stack } from '../layers/order.ts'
import type { Note } from './contributions.ts'

/** Where a charm has the files of an interface layer. */
const PLACE = 'hooks/relations'

/** The files of one interface layer, with their paths in the charm; none where the charm has no such endpoint. */
export function interfaceFiles(
  layer: Layer,
  { top }: Stack,
  { endpoints }: Metadata,
  filesOf: (layer: Layer) => LayerFiles,
  note: Note,
): LayerFile[] {
  const roles = new Map(
    endpoints.filter((one) => one.interface === layer.name).map((one) => [one.role, one.name]),
  )
  if (roles.size === 0) {
    note(`${layer.url} is included, but no endpoint in metadata.yaml has this interface`)
    return []
  }
  const patterns = [top.config, layer.config].flatMap(({ ignore, exclude }) => [...ignore, ...exclude])
  const isLeftOut = matcher(patterns)
  const files = filesOf(layer).files.filter(({ path: name }) => !isLeftOut(name))
  for (const [role, endpoint] of roles) checkRole(layer, role, endpoint, files)
  return withPackage(files).map((file) => ({ ...file, path: path.posix.join(PLACE, layer.name, file.path) }))
}

function checkRole({ url, dir }: Layer, role: string, endpoint: string, files: readonly LayerFile[]): void {
  if (
    files.some(
      ({ path: name }) => name === role || name.startsWith(`${role}.`) || name.startsWith(`${role}/`),
    )
  )
    return
  throw new ReactiveError(`${url} has no ${role} for the endpoint ${endpoint}: ${dir}`)
}

/** Python imports from directories of modules alone. */
function withPackage(files: readonly LayerFile[]): LayerFile[] {
  const init = '__init__.py'
  const isPython = files.some(({ path: name }) => /^[^/]+\.py$/.test(name))
  if (!isPython || files.some(({ path: name }) => name === init)) return [...files]
  const sha256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
  return [...files, { ...textEntry(init, ''), sha256 }]
}
