// The calls in files in Python, by Python's own `ast`: one process reads all of them, and runs nothing of them.
// Without python3 nothing is known, and that is said.

import { execFile } from 'node:child_process'
import path from 'node:path'
import { messageOf } from '../../errors.ts'
import { TOOLKIT_DIR } from '../../version.ts'
import type { SourceFile, SourceText } from './source.ts'

const PROGRAM = path.join(TOOLKIT_DIR, 'python/charms_reactive_sources.py')

/** Read files, by their paths in the charm dir. */
export async function readPython(charmDir: string, files: readonly SourceFile[]): Promise<SourceText[]> {
  if (files.length === 0) return []
  try {
    const paths = files.map((file) => path.join(charmDir, file.path))
    const read = JSON.parse(await run('python3', ['-I', PROGRAM, ...paths])) as Omit<
      SourceText,
      keyof SourceFile
    >[]
    return files.map((file, index) => ({ functions: [], calls: [], ...read[index], ...file }))
  } catch (error) {
    return files.map((file) => ({ ...file, functions: [], calls: [], fault: messageOf(error) }))
  }
}

function run(command: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(command, [...args], { maxBuffer: 256 * 1024 * 1024 }, (error, stdout) =>
      error === null ? resolve(stdout) : reject(error),
    )
  })
}
