// Which files of a charm hold code that may change flags: handler files, what layers offer to each other, actions,
// hooks, scripts. Tests and packages are not the charm's.

import fs from 'node:fs'
import path from 'node:path'
import { readStart, statOf } from '../system/regular-files.ts'
import { readBash } from './sources/bash.ts'
import { readJavaScript } from './sources/javascript.ts'
import { readPython } from './sources/python.ts'
import type { SourceFile, SourceText } from './sources/source.ts'

/** Directories of a charm, at any depth, that hold none of its code. */
const FOREIGN =
  /^(\..*|node_modules|tests?|unit_tests|functional_tests|docs?|wheelhouse|venv|build|__pycache__|charmhelpers|site-packages|templates|files|deps|contrib)$/

const LANGUAGES: Record<string, SourceFile['language']> = {
  '.sh': 'bash',
  '.bash': 'bash',
  '.js': 'javascript',
  '.mjs': 'javascript',
  '.cjs': 'javascript',
  '.ts': 'javascript',
  '.py': 'python',
}

const INTERPRETERS: [RegExp, SourceFile['language']][] = [
  [/\b(ba|da|k)?sh\b/, 'bash'],
  [/\bpython/, 'python'],
  [/\bnode\b/, 'javascript'],
]

/** More than this no author writes. */
const LARGEST = 1024 * 1024

/** Find the files, in C order. */
export function findSources(charmDir: string): SourceFile[] {
  return below(charmDir, '', new Set()).sort((one, other) =>
    Buffer.compare(Buffer.from(one.path), Buffer.from(other.path)),
  )
}

function below(charmDir: string, dir: string, visited: Set<string>): SourceFile[] {
  const real = fs.realpathSync(path.join(charmDir, dir))
  if (visited.has(real)) return []
  visited.add(real)
  return fs.readdirSync(real).flatMap((name) => {
    const file = path.join(dir, name)
    const stat = statOf(path.join(charmDir, file))
    if (stat?.isDirectory()) return FOREIGN.test(name) ? [] : below(charmDir, file, visited)
    if (!stat?.isFile() || stat.size > LARGEST) return []
    const language = languageOf(path.join(charmDir, file))
    return language === undefined ? [] : [{ path: file, language }]
  })
}

function languageOf(file: string): SourceFile['language'] | undefined {
  const ending = path.extname(file)
  if (Object.hasOwn(LANGUAGES, ending)) return LANGUAGES[ending]
  if (ending !== '' && (fs.statSync(file).mode & 0o111) === 0) return undefined
  const [, interpreter] = /^#!(.*)/.exec(readStart(file, 100).toString('latin1')) ?? []
  return interpreter === undefined ? undefined : INTERPRETERS.find(([known]) => known.test(interpreter))?.[1]
}

/** Read what the files say. Those in Python are read by one process, meanwhile the others. */
export async function readSources(charmDir: string, files: readonly SourceFile[]): Promise<SourceText[]> {
  const python = readPython(
    charmDir,
    files.filter(({ language }) => language === 'python'),
  )
  const texts: SourceText[] = []
  for (const file of files) {
    if (file.language === 'python') continue
    const text = fs.readFileSync(path.join(charmDir, file.path), 'utf8')
    texts.push(file.language === 'bash' ? readBash(file, text) : await readJavaScript(file, text))
  }
  const all = new Map([...texts, ...(await python)].map((text) => [text.path, text]))
  return files.flatMap((file) => all.get(file.path) ?? [])
}
