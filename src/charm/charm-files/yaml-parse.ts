// The parsed nodes of a YAML text. The `yaml` package follows YAML 1.2, where a quoted scalar or a flow
// collection must stay indented; PyYAML (and Juju) let them go on at the first column. Such lines are indented
// before another try: their leading blanks mean nothing. Used by `yaml-file.ts` only.

import { type Document, LineCounter, parseDocument, visit, type YAMLParseError } from 'yaml'

export interface ParsedYaml {
  document: Document.Parsed
  /** The first error; then the document is of no use. */
  error: YAMLParseError | undefined
  /** The offset of the quote that is not closed, if that is the error. */
  openQuote: number | undefined
  /** Line and column, from 1, in the text as it was given. */
  placeOf(offset: number): { line: number; column: number }
}

const INDENT = ' '.repeat(100)
/** So many characters are parsed again and again before the first error is believed. */
const PATIENCE = 1_000_000

export function parseYaml(text: string): ParsedYaml {
  const lines = text.split('\n')
  const indented = new Set<number>()
  const first = parseLines(lines, indented)
  let parsed = first
  for (let work = text.length; parsed.error !== undefined; work += text.length) {
    const before = indented.size
    for (const line of linesToIndent(parsed.error, parsed, lines)) indented.add(line)
    if (indented.size === before || work > PATIENCE) return first
    parsed = parseLines(lines, indented)
  }
  return parsed
}

function parseLines(lines: readonly string[], indented: ReadonlySet<number>): ParsedYaml {
  const lineCounter = new LineCounter()
  const text = lines.map((line, index) => (indented.has(index + 1) ? INDENT + line : line)).join('\n')
  const document = parseDocument(text, {
    schema: 'failsafe',
    resolveKnownTags: false,
    strict: false,
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'error',
    lineCounter,
  })
  const placeOf = (offset: number) => {
    const { line, col } = lineCounter.linePos(Math.min(offset, text.length))
    const column = indented.has(line) ? col - INDENT.length : col
    return { line: Math.max(line, 1), column: Math.max(column, 1) }
  }
  const error = document.errors[0]
  return { document, error, openQuote: error && findOpenQuote(document, error), placeOf }
}

function findOpenQuote(
  document: Document.Parsed,
  { message, pos: [end] }: YAMLParseError,
): number | undefined {
  if (!/^Missing closing ['"]/.test(message)) return undefined
  let start: number | undefined
  visit(document, {
    Scalar(_, { range, type }) {
      if (type?.startsWith('QUOTE') && range && range[0] < end && end <= range[1]) start = range[0]
    },
  })
  return start
}

/** The lines that go on too far to the left for the parser: those of a quoted scalar, or one of a collection. */
function linesToIndent(error: YAMLParseError, parsed: ParsedYaml, lines: readonly string[]): number[] {
  if (parsed.openQuote !== undefined) return linesOfQuoted(parsed.placeOf(parsed.openQuote), lines)
  if (!/^Flow (?:map|sequence) /.test(error.message)) return []
  const { line, column } = parsed.placeOf(error.pos[0])
  const text = lines[line - 1] ?? ''
  const isWholeLine = text.slice(0, column - 1).trim() === '' && text.trim() !== ''
  return withoutDocumentMarks([isWholeLine ? line : line + 1], lines)
}

function linesOfQuoted(
  { line, column }: { line: number; column: number },
  lines: readonly string[],
): number[] {
  const text = [(lines[line - 1] ?? '').slice(column - 1), ...lines.slice(line)].join('\n')
  const quoted = /^(?:"(?:[^"\\]|\\[\s\S])*"|'(?:[^']|'')*')/.exec(text)
  if (quoted === null) return []
  const count = quoted[0].split('\n').length - 1
  return withoutDocumentMarks(
    Array.from({ length: count }, (_, index) => line + 1 + index),
    lines,
  )
}

/** None when one of them is past the end, or begins another document. */
function withoutDocumentMarks(numbers: number[], lines: readonly string[]): number[] {
  const isPlain = (line: string | undefined) => line !== undefined && !/^(?:---|\.\.\.)(?:\s|$)/.test(line)
  return numbers.every((number) => isPlain(lines[number - 1])) ? numbers : []
}
