// Values that would do harm where something evaluated, split, globbed or misread them: whoever runs one leaves a
// file CANARY behind.

import fc from 'fast-check'
import { flagNameFault } from '../../../src/unit/flags.ts'

/** Each alone has broken some program. No NUL: what goes through a process or bash cannot hold one. */
export const HOSTILE = [
  '$(touch CANARY)',
  '`touch CANARY`',
  "'; touch CANARY; '",
  '"; touch CANARY; "',
  '| touch CANARY #',
  '&& touch CANARY',
  '\ntouch CANARY\n',
  'a[$(touch CANARY)]',
  'x[`touch CANARY`]=1',
  '${v@P}',
  '$((a[$(touch CANARY)]))',
  '<(touch CANARY)',
  '%s%n%d',
  '-n',
  '-e',
  '-',
  '--',
  '--help',
  '--version',
  '--format=json',
  '--shell-variables',
  '-j',
  '*',
  '?',
  '[a]',
  '{a,b}',
  '~',
  '~root',
  '!!',
  '..',
  '../..',
  './x',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  '{{ 7*7 }}',
  '{% for x in y %}',
  '{{ self.__class__ }}',
  '{endpoint_name}',
  "' OR 1=1 --",
  "'; DROP TABLE keyv; --",
  '%',
  '_',
  '\\',
  '\\n\\0',
  ' ',
  ' leading and trailing ',
  'a\tb\u001b[0m\u0007',
  '\r\n',
  '\ufeffx',
  '\u2028\u0085',
  'prüfung ✓ 😀',
  'flag:x',
  'set_flag',
  'a=b=c',
  ',',
  ':',
  ';',
  '0',
  'null',
  'true',
  '1e999',
  '[1, 2]',
  '{"__proto__": {"x": 1}}',
  '"',
  "'",
  '#',
  'x'.repeat(5000),
] as const

const withoutNul = (text: string) => text.replaceAll('\0', '␀')

/** One of them, several in a row, or characters at random; never empty, nor with NUL or half a character. */
export const hostile: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...HOSTILE),
  fc.array(fc.constantFrom(...HOSTILE), { minLength: 2, maxLength: 3 }).map((parts) => parts.join('')),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 30 }).map((text) => withoutNul(text)),
)

/** What bash cannot carry: only for JavaScript. */
export const HALVES = ['\ud800', 'a\udfffb', 'nul\0nul', '\0', 'A'.repeat(1_000_000)]

export const isLegalFlag = (text: string) => flagNameFault(text) === undefined

/** Names of files, in whatever directory. */
export const isFileName = (text: string) =>
  text !== '' && !/[/\0]/.test(text) && text !== '.' && text !== '..' && Buffer.byteLength(text) <= 200

/** Bytes that are no UTF-8, or not all of it. */
export const NO_UTF8 = [[0xff], [0x61, 0xc3], [0xed, 0xa0, 0x80], [0xc0, 0xaf]].map((bytes) =>
  Buffer.from(bytes),
)
