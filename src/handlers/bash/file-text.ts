// What the text of a handler file says about whether it sources the library.

import { oneLine, ReactiveError } from '../../errors.ts'
import { CONDITIONS } from '../conditions.ts'

/** A handler file that may source the library. */
export interface BashFile {
  /** As the charm names it: `reactive/app.sh`. */
  path: string
  /** What is in it, a character for each byte. */
  text: string
}

/** The lines of a file, with its letters. */
export function linesOf({ text }: BashFile): string[] {
  return Buffer.from(text, 'latin1').toString().split('\n')
}

const DECORATOR = new RegExp(
  `^[ \\t]*@(${[...Object.keys(CONDITIONS), 'not_unless', 'method'].join('|')})\\b.*`,
  'm',
)

/** A file that never sources the library: foreign, unless its decorators tell that it was meant to. */
export function foreign(file: string, text: string): undefined {
  const found = DECORATOR.exec(text)
  if (found === null) return undefined
  const line = text.slice(0, found.index).split('\n').length
  throw new ReactiveError(
    `the file does not source charms.reactive.sh: ${file}:${line}: ${oneLine(found[0].trim())}`,
  )
}

export function sourcesSomething(text: string): boolean {
  return /(^|[\s;&|({])(source|\.)\s/m.test(text) || mentionsLibrary(text)
}

/** Whether the text of the file names the library: then it is no foreign script, whatever happened. */
export function mentionsLibrary(text: string): boolean {
  return text.includes('charms.reactive.sh')
}

/** Whether it names the library with a directory, in whatever way, as charms do that carry the original's. */
export function sourcesOwnCopy(text: string): boolean {
  return /^[^#\n]*\/charms\.reactive\.sh\b/m.test(text)
}
