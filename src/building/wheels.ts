// Python packages in a packed charm: pure wheels of its wheelhouse are unpacked into `lib/`, where the charm's Python
// finds them, so that a unit needs no pip, no virtual environment and no network for them. What cannot be carried so
// stays in wheelhouse.txt, for the unit to install, and is named.

import { unzipSync } from 'fflate'
import { ReactiveError } from '../errors.ts'
import { requiredName } from './composing/wheelhouse-text.ts'
import { chunksOf, type Entry, textEntry } from './entries.ts'

export interface Carried {
  entries: Entry[]
  /** What wheelhouse.txt requires and the unit installs by pip, since no pure wheel is there. */
  installed: string[]
  /** What carried packages require: Debian has it, or the charm has to require it itself. */
  expected: string[]
}

/** A wheel for any system: `wheelhouse/NAME-VERSION-py3-none-any.whl`. */
const PURE = /^wheelhouse\/([^-/]+)-[^-/]+(?:-\d[^-/]*)?-(?:\w+\.)*py3\d*(?:\.\w+)*-none-any\.whl$/
/** The framework is the toolkit's own, the others install packages. */
const NEEDLESS = ['charms-reactive', 'pip', 'setuptools', 'setuptools-scm', 'wheel']
const LIB = 'lib'

interface Wheel {
  name: string
  files: Entry[]
  requires: string[]
}

/** Unpack the pure wheels among the entries of a charm. Without wheels the entries stay as they are. */
export function unpackWheels(own: readonly Entry[]): Carried {
  const archives = own.filter((entry) => PURE.test(entry.path))
  const wheels = archives.map(readWheel)
  const carried = new Set([...NEEDLESS, ...wheels.map(({ name }) => name)])
  const text = textIn(own, 'wheelhouse.txt')
  const missing = (names: readonly string[]) =>
    [...new Set(names)].filter((name) => !carried.has(name) && !isArchived(own, name)).sort()
  const installed = missing(namesIn(text))
  const expected = missing(wheels.flatMap(({ requires }) => requires)).filter(
    (name) => !installed.includes(name),
  )
  const taken = new Set(own.map((entry) => entry.path))
  const files = wheels.filter(({ name }) => !NEEDLESS.includes(name)).flatMap((wheel) => wheel.files)
  const rest = own.filter((entry) => !archives.includes(entry) && entry.path !== 'wheelhouse.txt')
  const requirements = text === undefined ? [] : [textEntry('wheelhouse.txt', withoutCarried(text, carried))]
  return { entries: [...rest, ...requirements, ...unique(files, taken)], installed, expected }
}

/** The charm's own files count, and of two wheels the first. */
function unique(files: readonly Entry[], taken: Set<string>): Entry[] {
  return files.filter(({ path }) => !taken.has(path) && taken.add(path))
}

function readWheel(entry: Entry): Wheel {
  const content =
    entry.kind === 'file' ? Buffer.concat([...chunksOf(entry.path, entry.content)]) : Buffer.alloc(0)
  let files: Record<string, Uint8Array>
  try {
    files = unzipSync(content)
  } catch (error) {
    throw new ReactiveError(`not a wheel: ${entry.path}`, { cause: error })
  }
  const paths = Object.keys(files).filter((name) => !name.endsWith('/'))
  const metadata = paths.find((name) => name.endsWith('.dist-info/METADATA'))
  return {
    name: normalName(PURE.exec(entry.path)?.[1] ?? ''),
    files: paths.flatMap((name) => toEntry(name, files[name] ?? new Uint8Array(), entry.path)),
    requires: requiresIn(Buffer.from(files[metadata ?? ''] ?? []).toString()),
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

/** Whether the wheelhouse has an archive of it, which the unit installs without network. */
function isArchived(own: readonly Entry[], name: string): boolean {
  return own.some(({ path }) => {
    const [, stem] = /^wheelhouse\/(.+?)-\d[^/]*\.(?:whl|zip|tgz|tar\.\w+)$/.exec(path) ?? []
    return stem !== undefined && !PURE.test(path) && normalName(stem) === name
  })
}

const normalName = (name: string) => name.toLowerCase().replace(/[-_.]+/g, '-')

const namesIn = (text = '') => text.split('\n').flatMap((line) => requiredName(line) ?? [])

function withoutCarried(text: string, carried: ReadonlySet<string>): string {
  const lines = text.split('\n').map((line) => {
    const name = requiredName(line)
    return name !== undefined && carried.has(name) ? `# ${line}  # the charm carries it` : line
  })
  return lines.join('\n')
}

function textIn(own: readonly Entry[], path: string): string | undefined {
  const entry = own.find((one) => one.path === path)
  if (entry?.kind !== 'file') return undefined
  return Buffer.concat([...chunksOf(path, entry.content)]).toString()
}
