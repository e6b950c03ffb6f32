// Where a function is defined in the text of a bash file: the same rules as shell/find-functions.sh, for the files that
// the engine starts to register their handlers.

/** A function in the text of a file. */
export interface Definition {
  name: string
  /** From 1. */
  line: number
}

/** At its `lastIndex`. */
const DEFINITION =
  /[ \t\v\f\r]*(?:function[ \t\v\f\r]+([^ \t\v\f\r()]+)|([^\] \t\v\f\r()"'`$;&|<>=#]+)[ \t\v\f\r]*\([ \t\v\f\r]*\))/y

/** The first function that is defined at or behind a line, counted from 1. */
export function definitionBehind(lines: readonly string[], line: number): Definition | undefined {
  for (let at = line; at <= lines.length; at++) {
    const text = lines[at - 1] ?? ''
    // On the decorator's own line the function stands behind a semicolon, or `&&`.
    const name = at === line ? definedInside(text) : definedBy(text)
    if (name !== undefined) return { name, line: at }
  }
  return undefined
}

/** The last line with a definition: no decorator behind it has a function. 0 if there is none. */
export function lastDefinition(lines: readonly string[]): number {
  return lines.findLastIndex((text) => definedInside(text) !== undefined) + 1
}

function definedInside(text: string): string | undefined {
  const name = definedBy(text)
  if (name !== undefined) return name
  for (const { index } of text.matchAll(/[;&]/g)) {
    const behind = definedBy(text, index + 1)
    if (behind !== undefined) return behind
  }
  return undefined
}

function definedBy(text: string, at = 0): string | undefined {
  DEFINITION.lastIndex = at
  const found = DEFINITION.exec(text)
  return found?.[1] ?? found?.[2]
}
