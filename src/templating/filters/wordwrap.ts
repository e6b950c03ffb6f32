// Python's textwrap.wrap, as far as the filter `wordwrap` uses it.

import { characters, textLength } from '../python/text.ts'

export interface WrapOptions {
  width: number
  breakLongWords: boolean
  breakOnHyphens: boolean
}

// textwrap's own patterns: white space, dashes between words, words with hyphens, words.
const WORD = '[\\p{L}\\p{N}_]'
const LETTER = '[\\p{L}_]'
const PUNCTUATED = `[\\p{L}\\p{N}_!"'&.,?]`
const SPACE = '[\\t\\n\\v\\f\\r ]'
const HYPHENATED = `-(?:(?<=${LETTER}{2}-)|(?<=${LETTER}-${LETTER}-))(?=${LETTER}-?${LETTER})`
const WITH_HYPHENS = new RegExp(
  `(${SPACE}+|(?<=${PUNCTUATED})-{2,}(?=${WORD})|[^\\t\\n\\v\\f\\r ]+?` +
    `(?:${HYPHENATED}|(?=${SPACE}|$)|(?<=${PUNCTUATED})(?=-{2,}${WORD})))`,
  'u',
)
const WITHOUT_HYPHENS = new RegExp(`(${SPACE}+)`)

/** Break one paragraph into lines that are no longer than the width. */
export function wrapText(text: string, options: WrapOptions): string[] {
  const pattern = options.breakOnHyphens ? WITH_HYPHENS : WITHOUT_HYPHENS
  const chunks = text.split(pattern).filter((chunk) => chunk !== '')
  const lines: string[] = []
  while (chunks.length > 0) {
    if (lines.length > 0 && isSpace(chunks[0])) chunks.shift()
    const line = takeLine(chunks, options)
    if (isSpace(line.at(-1))) line.pop()
    if (line.length > 0) lines.push(line.join(''))
  }
  return lines
}

function isSpace(chunk: string | undefined): boolean {
  return chunk !== undefined && chunk.trim() === ''
}

// Take the chunks of one line from the start of the list.
function takeLine(chunks: string[], options: WrapOptions): string[] {
  const line: string[] = []
  let length = 0
  for (let next = chunks[0]; next !== undefined; next = chunks[0]) {
    if (length + textLength(next) > options.width) break
    length += textLength(next)
    line.push(next)
    chunks.shift()
  }
  const long = chunks[0]
  if (long !== undefined && textLength(long) > options.width) {
    if (options.breakLongWords) breakChunk(chunks, long, line, Math.max(1, options.width - length), options)
    else if (line.length === 0) line.push(...chunks.splice(0, 1))
  }
  return line
}

function breakChunk(
  chunks: string[],
  chunk: string,
  line: string[],
  room: number,
  options: WrapOptions,
): void {
  const all = characters(chunk)
  let end = room
  if (options.breakOnHyphens && all.length > room) {
    const hyphen = all.lastIndexOf('-', room - 1)
    if (hyphen > 0 && all.slice(0, hyphen).some((char) => char !== '-')) end = hyphen + 1
  }
  line.push(all.slice(0, end).join(''))
  chunks[0] = all.slice(end).join('')
  if (chunks[0] === '') chunks.shift()
}
