// What Juju's getters print: juju/cmd's three formats, of which `smart` is the default. The helpers that the engine
// answers in place of a tool print the same, and so do the tools of a simulated unit.

import { Document, parse, Scalar, visit } from 'yaml'

/** Exactly as printed, line end included. */
export const FORMATS: Readonly<Record<string, (value: unknown) => string>> = {
  smart: formatSmart,
  yaml: formatYaml,
  json: (value) => `${toJson(value)}\n`,
}

/** Nothing for null, the empty string and the empty list; an empty map is `{}`, since it goes to YAML. */
function formatSmart(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'True\n' : 'False\n'
  const isLines = Array.isArray(value) && value.every((item) => typeof item === 'string')
  const text = isLines ? value.join('\n') : value
  if (typeof text !== 'string') return formatYaml(text)
  return text === '' ? '' : `${text}\n`
}

/** YAML as goyaml writes it: sorted keys, lists not indented, long lines as they are. */
function formatYaml(value: unknown): string {
  if (value === null || value === undefined) return ''
  const document = new Document(value, { version: '1.1', sortMapEntries: true, aliasDuplicateObjects: false })
  visit(document, { Scalar: (_, node) => quoteAsGo(node) })
  const text = document.toString({ indentSeq: false, lineWidth: 0, singleQuote: true, directives: false })
  return `${text.replace(/\n+$/, '')}\n`
}

/** goyaml takes double quotes where plain text would be no string, single ones elsewhere. */
function quoteAsGo(node: Scalar): void {
  if (typeof node.value === 'string' && isNoString(node.value)) node.type = Scalar.QUOTE_DOUBLE
}

function isNoString(text: string): boolean {
  try {
    const value: unknown = parse(text, { version: '1.1', logLevel: 'silent' })
    const isCollection = typeof value === 'object' && value !== null && !(value instanceof Date)
    return typeof value !== 'string' && !isCollection
  } catch {
    return false
  }
}

/** JSON as Go writes it: sorted keys, and what HTML could trip over escaped. */
function toJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(toJson).join(',')}]`
  if (typeof value === 'object' && value !== null) {
    return `{${sortedEntries(value).map(([key, item]) => `${toJson(key)}:${toJson(item)}`)}}`
  }
  return JSON.stringify(value ?? null).replace(/[<>&\u2028\u2029]/g, escapeChar)
}

function escapeChar(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`
}

function sortedEntries(value: object): [string, unknown][] {
  return Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1))
}
