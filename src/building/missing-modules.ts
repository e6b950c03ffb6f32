// Modules that the Python code of a charm imports and a unit does not have: neither Python, the toolkit and the charm
// bring them, nor what is installed before handlers. `pack` refuses those whose import certainly fails, and names others.

import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { readMetadata } from '../charm/charm-files.ts'
import { interfaceOf } from '../endpoints/interface-layers.ts'
import { ReactiveError } from '../errors.ts'
import { HANDLER_DIRECTORIES } from '../handlers/discover.ts'
import { isSilenced } from '../insight/lint/silenced.ts'
import { TOOLKIT_DIR } from '../version.ts'
import type { Entry } from './entries.ts'
import { type Bringing, type Modules, modulesOf } from './python-modules.ts'

const PROGRAM = path.join(TOOLKIT_DIR, 'python/charms_reactive_needed.py')
const RULE = 'missing-module'

interface Import {
  /** With a dot in front for each level, where it is relative. */
  module: string
  /** What is taken out of it. */
  names: string[]
  certain: boolean
  line: number
  column: number
}

/** What one file imports. One that is not plain may install modules, or change where they are found. */
interface Imports {
  imports: Import[]
  isPlain: boolean
}

/** A module that is missing, where it is imported first. */
export interface MissingModule {
  module: string
  file: string
  line: number
  column: number
  /** Whether the unit's first hook certainly fails. */
  isCertain: boolean
}

/** Find what is missing. `entries` are all files of the charm, `bringing` is what the unit installs before handlers. */
export function missingModules(
  charmDir: string,
  entries: readonly Entry[],
  bringing: Bringing,
): MissingModule[] {
  const own = entries.filter((entry) => isOwnPython(charmDir, entry)).map((entry) => entry.path)
  const roots = own.filter((file) => isHandlerFile(charmDir, file))
  if (roots.length === 0) return []
  const read = readImports(charmDir, own)
  if (read === undefined) return []
  const modules = modulesOf(entries, read.standard, bringing)
  return new Walk(read.files, modules).from(roots).filter(({ file, line }) => {
    const text = fs.readFileSync(path.join(charmDir, file), 'utf8')
    return !isSilenced({ line, rule: RULE }, text)
  })
}

/** Refuse what certainly fails. */
export function refuseMissing(missing: readonly MissingModule[]): void {
  const [first, ...others] = missing.filter(({ isCertain }) => isCertain)
  if (first === undefined) return
  const { file, line, column, module } = first
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`
  const remedy = 'add it to wheelhouse.txt, or its Debian package to the options of layer:basic'
  throw new ReactiveError(
    `units do not have the module (--no-lint packs anyway): ${file}:${line}:${column}: ${module}: ${remedy} [${RULE}]${more}`,
  )
}

/** A file of the charm dir itself: what wheels bring says what it requires. */
function isOwnPython(charmDir: string, entry: Entry): boolean {
  if (entry.kind !== 'file' || Buffer.isBuffer(entry.content) || !entry.path.endsWith('.py')) return false
  return path.resolve(entry.content.file) === path.resolve(fs.realpathSync(charmDir), entry.path)
}

/** The files that every hook imports; of interface layers those of the charm's endpoints. */
function isHandlerFile(charmDir: string, file: string): boolean {
  if (!HANDLER_DIRECTORIES.some((dir) => file.startsWith(`${dir}/`))) return false
  if (!/^(hooks|reactive)\/relations\//.test(file)) return true
  const layer = interfaceOf(file)
  const { endpoints } = readMetadata(charmDir)
  return endpoints.some((one) => one.interface === layer?.interface && one.role === layer.role)
}

/** Where there is no Python, nobody knows. */
function readImports(charmDir: string, files: readonly string[]) {
  const words = ['-I', PROGRAM, ...files.map((file) => path.join(charmDir, file))]
  const { status, stdout } = spawnSync('python3', words, { encoding: 'utf8', maxBuffer: 1 << 28 })
  if (status !== 0) return undefined
  const read = JSON.parse(stdout) as { standard: string[]; files: Imports[] }
  return {
    standard: read.standard,
    files: new Map(files.map((file, index) => [file, read.files[index] ?? { imports: [], isPlain: true }])),
  }
}

/** Follows imports from file to file, as Python does. */
class Walk {
  readonly #files: ReadonlyMap<string, Imports>
  readonly #modules: Modules
  readonly #missing = new Map<string, MissingModule>()
  /** Files, with whether they are certainly imported. */
  readonly #visited = new Map<string, boolean>()

  constructor(files: ReadonlyMap<string, Imports>, modules: Modules) {
    this.#files = files
    this.#modules = modules
  }

  from(roots: readonly string[]): MissingModule[] {
    for (const root of roots) this.#visit(root, true)
    return [...this.#missing.values()]
  }

  #visit(file: string, isCertain: boolean): void {
    const known = this.#visited.get(file)
    if (known === true || known === isCertain) return
    this.#visited.set(file, isCertain)
    let isPlain = isCertain
    for (const one of this.#files.get(file)?.imports ?? []) {
      const { missing, files } = this.#modules.find(one.module, one.names, file)
      for (const module of missing) this.#add(module, file, one, isPlain && one.certain)
      for (const other of files) {
        this.#visit(other, isPlain && one.certain)
        if (one.certain && this.#files.get(other)?.isPlain === false) isPlain = false
      }
    }
  }

  #add(module: string, file: string, { line, column }: Import, isReached: boolean): void {
    const isCertain = isReached && !this.#modules.mayBeBrought(module)
    const known = this.#missing.get(module)
    if (known === undefined || (isCertain && !known.isCertain))
      this.#missing.set(module, { module, file, line, column, isCertain })
  }
}
