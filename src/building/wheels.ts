// Python packages in a charm that `pack` or `build --wheels` makes: pure wheels of its wheelhouse are unpacked into
// `lib/`, where the charm's Python finds them, so that a unit needs no pip, no virtual environment and no network for
// them. What cannot be carried so stays in wheelhouse.txt, for the unit to install, and is named.

import { unzipSync } from 'fflate'
import { ReactiveError } from '../errors.ts'
import { requiredName } from './composing/wheelhouse-text.ts'
import { bytesOf, type Entry, textEntry } from './entries.ts'

export interface Carried {
  entries: Entry[]
  /** What wheelhouse.txt requires and the unit installs by pip, since no pure wheel is there. */
  installed: string[]
  /** What carried packages require: Debian has it, or the charm has to require it itself. */
  expected: string[]
  /** What the unit installs from other archives of the wheelhouse. */
  archived: string[]
}

/** A wheel for any system: `wheelhouse/NAME-VERSION-py3-none-any.whl`. */
export const PURE = /^wheelhouse\/([^-/]+)-[^-/]+(?:-\d[^-/]*)?-(?:\w+\.)*py3\d*(?:\.\w+)*-none-any\.whl$/
/** The framework is the toolkit's own, the others install packages. */
const NEEDLESS = ['charms-reactive', 'pip', 'setuptools', 'setuptools-scm', 'wheel']
const LIB = 'lib'
const REQUIREMENTS = 'wheelhouse.txt'
/** What an unpacked wheel says about itself. */
const METADATA = /^lib\/([^/-]+)-[^/]+\.dist-info\/METADATA$/

interface Wheel {
  name: string
  files: Entry[]
}

/** Unpack the pure wheels among the entries of a charm. Without wheels the entries stay as they are. */
export function unpackWheels(own: readonly Entry[]): Carried {
  const archives = own.filter((entry) => PURE.test(entry.path))
  const wheels = archives.map(readWheel).filter(({ name }) => !NEEDLESS.includes(name))
  const taken = new Set(own.map((entry) => entry.path))
  const files = unique(
    wheels.flatMap((wheel) => wheel.files),
    taken,
  )
  const all = [...own.filter((entry) => !archives.includes(entry)), ...files]
  const unpacked = all.filter((entry) => METADATA.test(entry.path))
  const names = unpacked.map(({ path }) => normalName(METADATA.exec(path)?.[1] ?? ''))
  const carried = new Set([...NEEDLESS, ...wheels.map(({ name }) => name), ...names])
  const archived = archivedIn(own).filter((name) => !carried.has(name))
  const missing = (others: readonly string[]) =>
    [...new Set(others)].filter((name) => !carried.has(name) && !archived.includes(name)).sort()
  const installed = missing(namesIn(textIn(own, REQUIREMENTS)))
  const required = missing(unpacked.flatMap((entry) => requiresIn(textOf(entry))))
  return {
    entries: all.map((entry) => (entry.path === REQUIREMENTS ? withoutCarried(entry, carried) : entry)),
    installed,
    expected: required.filter((name) => !installed.includes(name)),
    archived,
  }
}

/** The charm's own files count, and of two wheels the first. */
function unique(files: readonly Entry[], taken: Set<string>): Entry[] {
  return files.filter(({ path }) => !taken.has(path) && taken.add(path))
}

function readWheel(entry: Entry): Wheel {
  let files: Record<string, Uint8Array>
  try {
    files = unzipSync(bytesOf(entry))
  } catch (error) {
    throw new ReactiveError(`not a wheel: ${entry.path}`, { cause: error })
  }
  const paths = Object.keys(files).filter((name) => !name.endsWith('/'))
  return {
    name: normalName(PURE.exec(entry.path)?.[1] ?? ''),
    files: paths.flatMap((name) => toEntry(name, files[name] ?? new Uint8Array(), entry.path)),
  }
}

/** Scripts and data of a wheel belong to an installation; `purelib` is where its modules may be as well. */
function toEntry(name: string, bytes: Uint8Array, wheel: string): Entry[] {
  if (name.split('/').includes('..') || name.startsWith('/'))
    throw new ReactiveError(`a file of a wheel leads out of it: ${name}: ${wheel}`)
  const [, place, inner] = /^[^/]+\.data\/([^/]+)\/(.+)$/.exec(name) ?? []
  if (place !== undefined && place !== 'purelib' && place !== 'platlib') return []
  const content = Buffer.from(bytes)
  return [
    { path: `${LIB}/${inner ?? name}`, kind: 'file', isExecutable: false, content, size: content.length },
  ]
}

/** What the package requires on every system; what a marker restricts is left to whoever needs it. */
function requiresIn(metadata: string): string[] {
  const [head = ''] = metadata.split('\n\n')
  const lines = [...head.matchAll(/^Requires-Dist: ([^;\r\n]+)\r?$/gm)]
  return lines.flatMap(([, line = '']) => requiredName(line) ?? [])
}

/** The packages of archives that are no pure wheels. */
function archivedIn(own: readonly Entry[]): string[] {
  return own.flatMap(({ path }) => {
    const [, stem] = /^wheelhouse\/(.+?)-\d[^/]*\.(?:whl|zip|tgz|tar\.\w+)$/.exec(path) ?? []
    return stem === undefined || PURE.test(path) ? [] : [normalName(stem)]
  })
}

const normalName = (name: string) => name.toLowerCase().replace(/[-_.]+/g, '-')

const namesIn = (text = '') => text.split('\n').flatMap((line) => requiredName(line) ?? [])

function withoutCarried(entry: Entry, carried: ReadonlySet<string>): Entry {
  const lines = textOf(entry)
    .split('\n')
    .map((line) => {
      const name = requiredName(line)
      return name !== undefined && carried.has(name) ? `# ${line}  # the charm carries it` : line
    })
  return textEntry(entry.path, lines.join('\n'))
}

function textIn(own: readonly Entry[], path: string): string | undefined {
  const entry = own.find((one) => one.path === path)
  return entry?.kind === 'file' ? textOf(entry) : undefined
}

const textOf = (entry: Entry) => bytesOf(entry).toString()
