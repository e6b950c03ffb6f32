import { expect, it } from 'vitest'
import { readBash } from '../../../src/insight/sources/bash.ts'

const read = (text: string) => readBash({ path: 'reactive/app.sh', language: 'bash' }, text)

/** `NAME WORD…`, and behind `in` the function that it stands in. */
const commands = (text: string) =>
  read(text).calls.map(({ name, words, inside }) => {
    const all = [name, ...words.map((word) => word.text)].join(' ')
    return inside === undefined ? all : `${all} in ${inside}`
  })

it.each([
  ['quotes', `set_flag 'a.b' "c d" e\\ f $'g'`, ['set_flag a.b c d e f g']],
  ['variables', 'set_flag "app.$name.ready" ${x}', ['set_flag app.*.ready *']],
  ['variables with one literal value', 'READY=app.ready\nset_flag "$READY"', ['set_flag app.ready']],
  ['variables with two values', 'x=a\nx=b\nset_flag "$x"', ['set_flag *']],
  ['variables of loops', 'x=a\nfor x in b c; do set_flag "$x"; done', ['set_flag *']],
  ['comments', 'set_flag a # set_flag b\n# set_flag c', ['set_flag a']],
  ['lists', 'a && b || c; d & e | f', ['a', 'b', 'c', 'd', 'e', 'f']],
  ['keywords', 'if ! a; then b; elif c; then d; else e; fi', ['a', 'b', 'c', 'd', 'e']],
  ['tests', '[[ -n "$(config_get port)" && $x == y ]] && set_flag a', ['config_get port', 'set_flag a']],
  ['substitutions', 'port=$(config_get port) x', ['x', 'config_get port']],
  [
    'substitutions in quotes',
    'echo "a $(relation_get "host") `config_get b`"',
    ['echo a * *', 'relation_get host', 'config_get b'],
  ],
  ['here-documents', 'cat <<EOF >file\nset_flag a\nEOF\nset_flag b', ['cat', 'set_flag b']],
  ['here-documents with tabs', 'cat <<-"EOF"\n\tset_flag a\n\tEOF\nset_flag b', ['cat', 'set_flag b']],
  ['redirections', 'a >b 2>&1 <c d', ['a d']],
  ['arrays', 'x=(set_flag a)\nset_flag b', ['set_flag b']],
  ['arithmetic', '((x = 1 + (2)))\nset_flag b', ['set_flag b']],
  ['prefixes', 'X=1 charms.reactive set_flag a', ['set_flag a']],
  ['lines that go on', 'set_flag \\\n  a', ['set_flag a']],
])('reads %s', (_, text, expected) => {
  expect(commands(text)).toEqual(expected)
})

it('knows the function that a command stands in, and where this ends', () => {
  const text = [
    'function one() {',
    '  case $1 in',
    '    a) set_flag a ;;',
    '    (b) { set_flag b; } ;;',
    '  esac',
    '}',
    'two() ( set_flag c )',
    'function three { set_flag d; }',
    'set_flag e',
  ].join('\n')
  expect(commands(text).filter((command) => command.startsWith('set_flag'))).toEqual([
    'set_flag a in one',
    'set_flag b in one',
    'set_flag c in two',
    'set_flag d in three',
    'set_flag e',
  ])
  expect(read(text).functions.map(({ name, line, end }) => [name, line, end])).toEqual([
    ['one', 1, 6],
    ['two', 7, 7],
    ['three', 8, 8],
  ])
})

it('tells options from words, and places', () => {
  const [call] = read("\n  register_trigger --when a --clear-flag=b --clear_flag 'c'").calls
  expect(call).toMatchObject({ name: 'register_trigger', words: [], line: 2, column: 3 })
  const texts = Object.entries(call?.options ?? {}).map(([name, words]) => [
    name,
    ...words.map(({ text }) => text),
  ])
  expect(texts).toEqual([
    ['when', 'a'],
    ['clear_flag', 'b', 'c'],
  ])
})

it('says whose answer is asked', () => {
  const asked = read('if is-leader; then a; fi\nis-leader && b\n! is-leader\nis-leader').calls
  expect(asked.filter(({ name }) => name === 'is-leader').map((call) => call.asked ?? false)).toEqual([
    true,
    true,
    true,
    false,
  ])
})

it('ends with whatever text it gets', () => {
  for (const text of [
    '"',
    "'",
    '$(',
    '`',
    '${',
    '((',
    '<<',
    '<<EOF',
    'a(',
    '[[',
    '{',
    '\\',
    '$',
    'case',
    '<(',
    '&>>',
  ])
    expect(() => read(text)).not.toThrow()
})
