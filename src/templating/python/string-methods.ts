// The methods of Python's str.

import { Bound } from './arguments.ts'
import {
  count,
  expandTabs,
  find,
  found,
  join,
  matches,
  partition,
  removePrefix,
  removeSuffix,
  replace,
  splitLeft,
  splitRight,
  textOf,
  zeroFill,
} from './string-searching.ts'
import { capitalize, characters, pad, splitLines, strip, stripEnd, stripStart, titleCase } from './text.ts'
import type { Arguments, Value } from './values.ts'

type StringMethod = (text: string, given: Arguments) => Value

function method(
  name: string,
  params: string[],
  run: (text: string, args: Bound) => Value,
): [string, StringMethod] {
  return [name, (text, given) => run(text, new Bound(name, params, given))]
}

function test(name: string, pattern: RegExp): [string, StringMethod] {
  return method(name, [], (text) => pattern.test(text))
}

function fillOf(args: Bound): string {
  return args.text('fillchar', ' ')
}

export const stringMethods = new Map<string, StringMethod>([
  method('capitalize', [], (text) => capitalize(text)),
  method('casefold', [], (text) => text.toLowerCase()),
  method('center', ['width', 'fillchar'], (text, args) =>
    pad(text, args.int('width', 0), 'center', fillOf(args)),
  ),
  method('count', ['sub'], (text, args) => count(text, textOf(args, 'sub'))),
  method('endswith', ['suffix'], (text, args) => matches(args.need('suffix'), (end) => text.endsWith(end))),
  method('expandtabs', ['tabsize'], (text, args) => expandTabs(text, args.int('tabsize', 8))),
  method('find', ['sub', 'start', 'end'], (text, args) => find(text, args, 'first')),
  method('index', ['sub', 'start', 'end'], (text, args) => found(find(text, args, 'first'), args)),
  test('isalnum', /^[\p{L}\p{N}]+$/u),
  test('isalpha', /^\p{L}+$/u),
  test('isascii', /^[\x00-\x7f]*$/),
  test('isdecimal', /^\p{Nd}+$/u),
  test('isdigit', /^[\p{Nd}\u00b2\u00b3\u00b9\u2070-\u2089]+$/u),
  method('isidentifier', [], (text) => /^[\p{ID_Start}_]\p{ID_Continue}*$/u.test(text)),
  method('islower', [], (text) => isLower(text)),
  test('isnumeric', /^\p{N}+$/u),
  method('isspace', [], (text) => text !== '' && strip(text) === ''),
  method('istitle', [], (text) => /\p{L}/u.test(text) && titleCase(text) === text),
  method('isupper', [], (text) => isUpper(text)),
  method('join', ['iterable'], (text, args) => join(text, args.need('iterable'))),
  method('ljust', ['width', 'fillchar'], (text, args) =>
    pad(text, args.int('width', 0), 'left', fillOf(args)),
  ),
  method('lower', [], (text) => text.toLowerCase()),
  method('lstrip', ['chars'], (text, args) => stripStart(text, args.textOrNone('chars'))),
  method('partition', ['sep'], (text, args) => partition(text, textOf(args, 'sep'), 'first')),
  method('removeprefix', ['prefix'], (text, args) => removePrefix(text, textOf(args, 'prefix'))),
  method('removesuffix', ['suffix'], (text, args) => removeSuffix(text, textOf(args, 'suffix'))),
  method('replace', ['old', 'new', 'count'], (text, args) =>
    replace(text, textOf(args, 'old'), textOf(args, 'new'), args.int('count', -1)),
  ),
  method('rfind', ['sub', 'start', 'end'], (text, args) => find(text, args, 'last')),
  method('rindex', ['sub', 'start', 'end'], (text, args) => found(find(text, args, 'last'), args)),
  method('rjust', ['width', 'fillchar'], (text, args) =>
    pad(text, args.int('width', 0), 'right', fillOf(args)),
  ),
  method('rpartition', ['sep'], (text, args) => partition(text, textOf(args, 'sep'), 'last')),
  method('rsplit', ['sep', 'maxsplit'], (text, args) => splitRight(text, args)),
  method('rstrip', ['chars'], (text, args) => stripEnd(text, args.textOrNone('chars'))),
  method('split', ['sep', 'maxsplit'], (text, args) => splitLeft(text, args)),
  method('splitlines', ['keepends'], (text, args) => splitLines(text, args.flag('keepends'))),
  method('startswith', ['prefix'], (text, args) =>
    matches(args.need('prefix'), (start) => text.startsWith(start)),
  ),
  method('strip', ['chars'], (text, args) => strip(text, args.textOrNone('chars'))),
  method('swapcase', [], (text) =>
    characters(text)
      .map((char) => (char === char.toLowerCase() ? char.toUpperCase() : char.toLowerCase()))
      .join(''),
  ),
  method('title', [], (text) => titleCase(text)),
  method('upper', [], (text) => text.toUpperCase()),
  method('zfill', ['width'], (text, args) => zeroFill(text, args.int('width', 0))),
])

export function isLower(text: string): boolean {
  return /\p{Ll}/u.test(text) && text === text.toLowerCase()
}

export function isUpper(text: string): boolean {
  return /\p{Lu}/u.test(text) && text === text.toUpperCase()
}
