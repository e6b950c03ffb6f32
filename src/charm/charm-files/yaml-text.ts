// The text of a charm file, whole and decoded, or an error that names the place. Used by `yaml-file.ts` only.

import { isUtf8 } from 'node:buffer'
import { codeOf, messageOf, ReactiveError } from '../../errors.ts'
import { readRegularFile } from '../../system/regular-files.ts'

/** What PyYAML's reader refuses. */
const NOT_PRINTABLE = /[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u

/** Read the text, its line ends as \n (a CRLF stays); undefined when there is no such file. */
export function readText(path: string): string | undefined {
  const bytes = readBytes(path)
  if (bytes === undefined) return undefined
  const text = decode(path, bytes)
  refuseSpecialCharacters(path, text)
  return text.replace(/\r(?!\n)|\x85/g, '\n')
}

function decode(path: string, bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString('utf8').replace(/^\ufeff/, '')
  const valid = validPrefix(bytes)
  const byte = (bytes[valid.length] ?? 0).toString(16)
  throw misplaced(path, valid.toString('utf8'), `not valid UTF-8: byte 0x${byte}`)
}

function refuseSpecialCharacters(path: string, text: string): void {
  const match = NOT_PRINTABLE.exec(text)
  if (match === null) return
  const code = (match[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
  throw misplaced(path, text.slice(0, match.index), `YAML does not allow the character: U+${code}`)
}

function readBytes(path: string): Buffer | undefined {
  try {
    return readRegularFile(path)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    const [reason = ''] = messageOf(error).split(',')
    throw new ReactiveError(`a charm file cannot be read: ${path}: ${reason}`, { cause: error })
  }
}

/** The longest beginning of the bytes that is whole UTF-8 characters. */
function validPrefix(bytes: Buffer): Buffer {
  let [good, bad] = [0, bytes.length + 1]
  while (bad - good > 1) {
    const middle = (good + bad) >> 1
    if (isBeginningOfUtf8(bytes.subarray(0, middle))) good = middle
    else bad = middle
  }
  let end = good
  while (end > 0 && !isUtf8(bytes.subarray(0, end))) end--
  return bytes.subarray(0, end)
}

function isBeginningOfUtf8(bytes: Buffer): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true })
    return true
  } catch {
    return false
  }
}

/** An error right after the text, before there is a document that knows its lines. */
function misplaced(path: string, before: string, what: string): ReactiveError {
  const lines = before.split(/\r\n|\r|\n/)
  return new ReactiveError(`${path}:${lines.length}:${(lines.at(-1)?.length ?? 0) + 1}: ${what}`)
}
