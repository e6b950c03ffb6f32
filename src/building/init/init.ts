// `charms.reactive init`: the beginning of a charm, a layer or an interface layer, which works as it is.

import fs from 'node:fs'
import path from 'node:path'
import { messageOf, ReactiveError, UsageError } from '../../errors.ts'
import { makeDirectories } from '../../system/make-directories.ts'
import { suggestion } from '../../system/nearest.ts'
import { statOf } from '../../system/regular-files.ts'
import { textEntry } from '../entries.ts'
import { writeEntry } from '../write-entry.ts'
import { ACTION, CI, charmFiles, type Files, PYTHON } from './charm-files.ts'
import { interfaceFiles, layerFiles } from './layer-files.ts'
import { checkCharmName } from './names.ts'

export type Kind = 'charm' | 'layer' | 'interface'

const BEGINNINGS: Record<Kind, (name: string) => Files> = {
  charm: charmFiles,
  layer: layerFiles,
  interface: interfaceFiles,
}

/** What a charm may begin with besides. */
const MORE: Record<string, (name: string) => Files> = { action: ACTION, ci: CI, python: PYTHON }

/** Write the files into a new directory of that name, or an empty one; their paths. */
export function initCharm(name: string, cwd: string, kind: Kind, more: readonly string[]): string[] {
  const dir = path.resolve(cwd, name)
  const own = path.basename(dir).replace(kind === 'charm' ? /^$/ : new RegExp(`^${kind}-`), '')
  checkCharmName(own)
  for (const word of more) checkMore(word, kind)
  if (statOf(dir) !== undefined && !isEmptyDir(dir))
    throw new ReactiveError(`the directory is not empty: ${dir}`)
  const files = { ...BEGINNINGS[kind](own) }
  for (const word of more)
    for (const [file, text] of Object.entries(MORE[word]?.(own) ?? {}))
      files[file] = (files[file] ?? '') + text
  try {
    makeDirectories(dir)
    for (const [file, text] of Object.entries(files))
      writeEntry(dir, textEntry(file, text, text.startsWith('#!')))
  } catch (error) {
    throw new ReactiveError(`the files cannot be written: ${messageOf(error)}`, { cause: error })
  }
  return Object.keys(files).map((file) => path.join(name, file))
}

function checkMore(word: string, kind: Kind): void {
  if (!Object.hasOwn(MORE, word)) {
    const names = Object.keys(MORE)
    throw new UsageError(`--with takes ${names.join(', ')}: ${word}${suggestion(word, names)}`)
  }
  if (kind !== 'charm') throw new UsageError(`--with is for charms: ${word}`)
}

function isEmptyDir(dir: string): boolean {
  return statOf(dir)?.isDirectory() === true && fs.readdirSync(dir).length === 0
}
