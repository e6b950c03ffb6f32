// Why a handler file in JavaScript cannot be imported, and where: in the file itself, or in one that it imports.
// Node.js tells the place of a syntax error in a module only when it checks the file by itself, and none for a
// module that does not exist. All of this runs only when something is wrong.

import { execFile } from 'node:child_process'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { messageOf, ReactiveError } from '../../errors.ts'
import { textOrNothing } from '../../system/regular-files.ts'

/** A place in a file; line and column count from 1. */
interface Place {
  file: string
  line?: number | undefined
  column?: number | undefined
}

/** `FILE:LINE`, the source line, and a caret below it: how V8 begins what it says of a syntax error. */
const HEADER = /^(?:[^\n]*\n)?((?:file:\/\/)?\/[^\n]+):(\d+)\n[^\n]*\n(?:( *)\^)?/
const IMPORT = /(?:\bfrom|\bimport|\brequire|\bimport\s*\()\s*\(?\s*['"](\.{1,2}\/[^'"]+)['"]/g
/** More files than these are not looked into for the place of an error. */
const MOST_FILES = 100

/** The error that fails the hook, as one line with its place. */
export async function importError(charmDir: string, file: string, error: unknown): Promise<ReactiveError> {
  const absolute = path.join(charmDir, file)
  const { file: where, line, column } = await placeOfImport(absolute, error)
  const relative = path.relative(charmDir, where)
  const shown = [relative.startsWith('..') ? where : relative, line, column].filter(
    (part) => part !== undefined,
  )
  return new ReactiveError(`the file cannot be imported: ${shown.join(':')}: ${messageOf(error)}`, {
    cause: error,
  })
}

async function placeOfImport(absolute: string, error: unknown): Promise<Place> {
  const stack = error instanceof Error ? (error.stack ?? '') : ''
  const said = placeInHeader(stack) ?? placeInStack(stack, absolute)
  if (said !== undefined) return said
  if (error instanceof SyntaxError) return (await findSyntaxError(absolute)) ?? { file: absolute }
  return placeOfMissing(messageOf(error), absolute) ?? { file: absolute }
}

function placeInHeader(text: string): Place | undefined {
  const [, file, line, caret] = HEADER.exec(text) ?? []
  if (file === undefined) return undefined
  const name = file.startsWith('file:') ? fileURLToPath(file) : file
  return { file: name, line: Number(line), column: caret === undefined ? undefined : caret.length + 1 }
}

/** The first line of the file itself that the calls of a stack name. */
function placeInStack(stack: string, absolute: string): Place | undefined {
  for (const name of [pathToFileURL(absolute).href, absolute]) {
    const at = stack.indexOf(`${name}:`)
    if (at !== -1) return { file: absolute, line: Number.parseInt(stack.slice(at + name.length + 1), 10) }
  }
  return undefined
}

/** Check the file, then those that it imports by a path, and so on. */
async function findSyntaxError(absolute: string): Promise<Place | undefined> {
  const files = new Set([absolute])
  for (const file of files) {
    const place = placeInHeader(await check(file))
    if (place !== undefined) return { ...place, file }
    for (const [, name = ''] of textOrNothing(file).matchAll(IMPORT)) {
      if (files.size < MOST_FILES) files.add(path.resolve(path.dirname(file), name))
    }
  }
  return undefined
}

/** What Node.js says about the syntax of a file; nothing where it is right. */
function check(file: string): Promise<string> {
  return new Promise((resolve) => {
    execFile(process.execPath, ['--check', file], (error, _, stderr) => resolve(error === null ? '' : stderr))
  })
}

/** Where a module that does not exist is asked for. */
function placeOfMissing(message: string, absolute: string): Place | undefined {
  const [, found, importer] =
    /^Cannot find (?:module|package) '([^']+)'(?: imported from (.+))?/.exec(message) ?? []
  const name = found ?? /^no layer has such a module: (.+)$/.exec(message)?.[1]
  if (name === undefined) return undefined
  const file = importer?.startsWith('/') ? importer : absolute
  const lines = textOrNothing(file).split('\n')
  const at = lines.findIndex(
    (line) => /\b(import|from|require)\b/.test(line) && line.includes(path.basename(name)),
  )
  return { file, line: at === -1 ? undefined : at + 1 }
}
