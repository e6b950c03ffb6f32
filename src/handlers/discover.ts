// Discovery: which files of a charm hold handlers, and in which order (documentation 2.8.1, discover).

import fs from 'node:fs'
import path from 'node:path'
import { interfaceOf } from '../endpoints/interface-layers.ts'
import { codeOf, messageOf, ReactiveError } from '../errors.ts'
import type { Context } from '../juju/context.ts'
import { readRegularFile, readStart, statOf } from '../system/regular-files.ts'
import { isProgram } from './executable-format.ts'
import { isImportable } from './javascript/files.ts'

/** Where a charm has its handler files. */
export const HANDLER_DIRECTORIES = ['hooks/reactive', 'hooks/relations', 'reactive']

/** A file that holds handlers. `script` is a shell script, which may or may not source the library. */
export interface HandlerFile {
  /** Path relative to the charm dir. */
  path: string
  kind: 'javascript' | 'python' | 'script' | 'executable'
}

/** A file that looks like a handler file and is none, with the reason. */
export interface NearMiss {
  path: string
  reason: string
}

/**
 * Find the handler files: layer by layer where the charm has a `.build.manifest`, else and within a layer
 * by path in C order.
 */
export function discover(context: Context): { files: HandlerFile[]; nearMisses: NearMiss[] } {
  const nearMisses: NearMiss[] = []
  const paths = HANDLER_DIRECTORIES.flatMap((dir) => walk(context.charmDir, dir, new Set(), nearMisses))
  const rank = layerRanks(context.charmDir)
  paths.sort((a, b) => rank(a) - rank(b) || Buffer.compare(Buffer.from(a), Buffer.from(b)))
  const files: HandlerFile[] = []
  for (const file of paths) {
    const kind = classify(context.charmDir, file)
    if (kind === undefined) continue
    if (typeof kind === 'string') files.push({ path: file, kind })
    else nearMisses.push({ path: file, reason: kind.reason })
  }
  const isReplaced = replacedLayers(files)
  for (const { path: file } of files.filter(isReplaced)) {
    nearMisses.push({
      path: file,
      reason: 'the same interface layer below reactive/relations is used instead',
    })
  }
  const isSourced = sourcedBy(context.charmDir, files)
  return {
    files: files.filter((file) => !isReplaced(file)),
    nearMisses: nearMisses.filter(({ path: file, reason }) => reason !== NOT_EXECUTABLE || !isSourced(file)),
  }
}

/** Interface layers in the old place, where the charm has the same in the new one. */
function replacedLayers(files: readonly HandlerFile[]): (file: HandlerFile) => boolean {
  const nameOf = ({ path: file }: HandlerFile) => {
    const layer = interfaceOf(file)
    return layer === undefined ? undefined : `${layer.interface} ${layer.role}`
  }
  const isNew = ({ path: file }: HandlerFile) => file.startsWith('reactive/')
  const found = new Set(files.filter(isNew).map(nameOf))
  return (file) => !isNew(file) && nameOf(file) !== undefined && found.has(nameOf(file))
}

/** All regular files below a directory, links followed, each directory once. */
function walk(charmDir: string, dir: string, visited: Set<string>, nearMisses: NearMiss[]): string[] {
  const absolute = path.join(charmDir, dir)
  let names: string[]
  try {
    const real = fs.realpathSync(absolute)
    if (visited.has(real)) return []
    visited.add(real)
    names = fs.readdirSync(absolute)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return []
    throw new ReactiveError(`the directory cannot be read: ${dir}: ${messageOf(error)}`, { cause: error })
  }
  return names.filter(isVisible).flatMap((name) => {
    const file = path.join(dir, name)
    const stat = statOf(path.join(charmDir, file))
    if (stat?.isDirectory()) return walk(charmDir, file, visited, nearMisses)
    if (stat === undefined) nearMisses.push({ path: file, reason: whyMissing(name) })
    return stat?.isFile() ? [file] : []
  })
}

/** Why a name that the directory lists leads to nothing. */
function whyMissing(name: string): string {
  return name.includes('\ufffd') ? 'its name is not UTF-8' : 'it is a link that leads nowhere'
}

/** Hidden files, Python's caches and what editors leave behind are not the charm's. */
function isVisible(name: string): boolean {
  return !/^[.#]|~$|\.(sw[a-p]|rej|tmp)$|^__pycache__$/.test(name)
}

/** Endings of copies that somebody, or a package manager, has switched off; a number only behind an extension. */
const SWITCHED_OFF =
  /\.(disabled|off|old|orig|save|bak|dpkg-[a-z]+|ucf-[a-z]+|rpm(new|save|orig))$|(?<=\.[a-z]+)\.\d+$/

const NOT_EXECUTABLE = 'it is not executable, and no other handler file sources it'

function classify(charmDir: string, file: string): HandlerFile['kind'] | { reason: string } | undefined {
  const ending = SWITCHED_OFF.exec(file)?.[0]
  if (ending === undefined) return classifyAs(charmDir, file, file)
  // What would be none anyway needs no word.
  const isCopy = classifyAs(charmDir, file, file.slice(0, -ending.length)) !== undefined
  return isCopy ? { reason: `its ending ${ending} says that it is switched off` } : undefined
}

/** What the file is, or would be if this were its name. */
function classifyAs(
  charmDir: string,
  file: string,
  name: string,
): HandlerFile['kind'] | { reason: string } | undefined {
  if (name.endsWith('.py')) return 'python'
  if (isImportable(name)) return 'javascript'
  if (name.endsWith('.ts')) return { reason: 'this Node.js cannot import TypeScript' }
  const absolute = path.join(charmDir, file)
  const executable = (fs.statSync(absolute).mode & 0o111) !== 0
  const start = beginningOf(absolute, file)
  const interpreter = /^#!\s*(.*)/.exec(start.toString('latin1'))?.[1]
  if (!executable) {
    return interpreter !== undefined || name.endsWith('.sh') ? { reason: NOT_EXECUTABLE } : undefined
  }
  if (interpreter !== undefined)
    return /(^|[/\s])(ba|da|k)?sh(\s|$)/.test(interpreter) ? 'script' : 'executable'
  if (start.toString('latin1').startsWith('\xef\xbb\xbf#!')) {
    return { reason: 'a byte order mark stands before its #!, so the system does not see the #!' }
  }
  if (isProgram(absolute, start)) return 'executable'
  return { reason: `it is executable, but ${isText(start) ? 'has no #! line' : 'is not a program'}` }
}

function beginningOf(absolute: string, file: string): Buffer {
  try {
    return readStart(absolute, 1024)
  } catch (error) {
    throw new ReactiveError(`the handler file cannot be read: ${file}: ${messageOf(error)}`, { cause: error })
  }
}

function isText(start: Buffer): boolean {
  // The last bytes may be the beginning of a character.
  return !start.includes(0) && !start.subarray(0, -4).toString('utf8').includes('\ufffd')
}

/** Whether the text of another handler file sources a file, by its name. */
function sourcedBy(charmDir: string, files: readonly HandlerFile[]): (file: string) => boolean {
  let texts: string[] | undefined
  return (file) => {
    texts ??= files
      .filter(({ kind }) => kind === 'script')
      .map(({ path: script }) => fs.readFileSync(path.join(charmDir, script), 'latin1'))
    const name = path.basename(file).replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    const pattern = new RegExp(`^\\s*(source|\\.)\\s.*${name}`, 'm')
    return texts.some((text) => pattern.test(text))
  }
}

/** The layers of a composed charm, lowest first, and the layer of each file, from `.build.manifest`. */
export interface BuiltLayers {
  layers: string[]
  /** By path relative to the charm dir. */
  signatures: ReadonlyMap<string, string>
}

/** The layers that a charm was composed of, as charm-tools writes them; undefined where nothing says so. */
export function builtLayers(charmDir: string): BuiltLayers | undefined {
  const file = path.join(charmDir, '.build.manifest')
  return fs.existsSync(file) ? readManifest(file) : undefined
}

/** The place of each file's layer in `.build.manifest`; the same without one. */
function layerRanks(charmDir: string): (file: string) => number {
  const built = builtLayers(charmDir)
  if (built === undefined) return () => 0
  const { layers, signatures } = built
  return (name) => {
    const rank = layers.indexOf(signatures.get(name) ?? '')
    return rank === -1 ? layers.length : rank
  }
}

function readManifest(file: string): BuiltLayers {
  let manifest: unknown
  try {
    manifest = JSON.parse(readRegularFile(file).toString())
  } catch (error) {
    throw new ReactiveError(`the build manifest cannot be read: ${file}: ${messageOf(error)}`, {
      cause: error,
    })
  }
  const { layers, signatures } = Object(manifest) as { layers?: unknown; signatures?: unknown }
  const urls = Array.isArray(layers) ? layers.map((layer) => String(Object(layer).url ?? layer)) : []
  const owners = Object.entries(Object(signatures)).map(
    ([name, entry]) => [name, String(Object(entry)[0])] as const,
  )
  return { layers: urls, signatures: new Map(owners) }
}
