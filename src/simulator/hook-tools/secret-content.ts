// The content of a secret as secret-add and secret-set take it: keys and values, some of them in base64 or
// from files; and when it expires.

import { parseSettings } from './hook-tool.ts'
import { ToolUsageError } from './tool-errors.ts'

/** Values as text; one that is no text is kept in base64 under `KEY#base64`. */
export type SecretContent = Record<string, string>

const KEY = /^[a-z](?:-?[a-z0-9]){2,}$/
const ENCODED = '#base64'
const FROM_FILE = '#file'

export function encodedKey(key: string): string {
  return key + ENCODED
}

/** The value of a key as text, or in base64. */
export function decodeValue(content: SecretContent, key: string, asBase64 = false): string {
  const text = content[key]
  const bytes = text === undefined ? Buffer.from(content[encodedKey(key)] ?? '', 'base64') : Buffer.from(text)
  return bytes.toString(asBase64 ? 'base64' : 'utf8')
}

/** The arguments, and over them what the file says. */
export function readContent(
  args: readonly string[],
  file: string | undefined,
  readFile: (name: string) => string,
): SecretContent {
  const pairs = args.map((arg): [string, string] => {
    // The padding of base64 is no separator.
    const at = arg.replace(/=+$/, '').indexOf('=')
    if (at < 1) throw new ToolUsageError(`key value ${JSON.stringify(arg)} not valid`)
    return [arg.slice(0, at), arg.slice(at + 1)]
  })
  const fromFile = file ? Object.entries(parseSettings(readFile(file))) : []
  const content = new Map<string, string>()
  for (const [key, value] of [...pairs, ...fromFile]) {
    const [name, text] = readPair(key, value, readFile)
    for (const other of [name, encodedKey(name), name.replace(ENCODED, '')]) content.delete(other)
    content.set(name, text)
  }
  return Object.fromEntries(content)
}

function readPair(key: string, value: string, readFile: (name: string) => string): [string, string] {
  const isEncoded = key.endsWith(ENCODED)
  const name = key.replace(/#(?:base64|file)$/, '')
  if (!KEY.test(name)) throw new ToolUsageError(`key ${JSON.stringify(name)} not valid`)
  if (key.endsWith(FROM_FILE)) return [name, readFile(value)]
  if (!isEncoded) return [name, value]
  const text = Buffer.from(value, 'base64').toString('utf8')
  return Buffer.from(text).toString('base64') === value ? [name, text] : [encodedKey(name), value]
}

const UNIT_MS: Record<string, number> = { ns: 1e-6, us: 1e-3, µs: 1e-3, ms: 1, s: 1e3, m: 6e4, h: 3.6e6 }

/** A time, or a duration from now on as Go writes it. */
export function readExpiry(text: string): string {
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.test(text)) {
    const time = new Date(/(?:Z|[+-]\d\d:\d\d)$/.test(text) ? text : `${text}Z`)
    if (!Number.isNaN(time.getTime())) return seconds(time)
  }
  if (!/^[+-]?(?:\d+(?:\.\d*)?(?:ns|us|µs|ms|s|m|h))+$/.test(text))
    throw new ToolUsageError(`expire time or duration ${JSON.stringify(text)} not valid`)
  const parts = [...text.matchAll(/([\d.]+)(ns|us|µs|ms|s|m|h)/g)]
  const sum = parts.reduce((total, [, number, unit = '']) => total + Number(number) * (UNIT_MS[unit] ?? 0), 0)
  if (text.startsWith('-') || sum <= 0)
    throw new ToolUsageError(`negative expire duration ${JSON.stringify(text)} not valid`)
  return seconds(new Date(Date.now() + sum))
}

function seconds(time: Date): string {
  return time.toISOString().replace(/\.\d+Z$/, 'Z')
}
