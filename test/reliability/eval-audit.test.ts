// Every place of the shell code that evaluates text: as commands, as the name of a variable or a file, or as a
// number (bash runs commands in `a[$(…)]`). Each is in a table with the reason why nothing from outside gets there;
// a new one fails here until somebody has thought about it.

import fs from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { SHELL } from '../test-unit.ts'

/** What evaluates its words, or takes one for a name. */
const EVALUATING: RegExp[] = [
  /\beval\b/,
  /(^|[;&|{(]|\bthen|\bdo|\bbuiltin)\s*(source|\.)\s+\S/,
  /\bprintf\s+-v\b/,
  /\b(declare|local|typeset|export|readonly)\b.*\s-[a-zA-Z]*[gn][a-zA-Z]*\s/,
  // `-f` and `-F` only ask for a function.
  /\b(declare|typeset|export|readonly|unset|local)\s+(-(?![fF])\S+\s+)*["']?\$/,
  /\bunset\s.*"?\$/,
  /\[\[? -v |\btest -v /,
  // The keys of an array of fixed name are words.
  /\$\{!(?!_?\w+\[@\]\})/,
  /\btrap\s+[^-]/,
  /\b(bash|sh)\s+-c\b/,
  /\bmapfile\b|\breadarray\b/,
]

/** The lines that do, and why each is safe. */
const SAFE: Record<string, string> = {
  'builtin eval "\\\\builtin set -- ${_reactive_text#?}"': 'what `trap -p` printed, quoted by bash',
  'if [[ -n ${_reactive_bodies[$1]-} ]]; then builtin eval "${_reactive_bodies[$1]}"; fi':
    'what `declare -f` printed of a function of the file itself',
  'builtin eval "$_reactive_own_handle"': 'what `declare -f` printed of a function of the file itself',
  'builtin eval "\\\\builtin $_reactive_trap"': 'what `trap -p` printed of a trap of the file itself',
  'builtin eval "$_reactive_body"':
    'a number, what `declare -f` printed, and a name that bash has accepted for a function',
  'builtin eval "_reactive_names+=(\\"\\${!${_reactive_prefix}@}\\")"':
    'the prefix is one letter of a list in the line above',
  '((_reactive_open < 3)) || eval "exec $_reactive_open>&-"': 'a name below /proc/self/fd is a number',
  'eval "_reactive_kit_user_$(declare -f teardown || echo \'teardown () { :; }\')"':
    'what `declare -f` printed of a function of the test file itself',
  'source "$_reactive_home/channel.sh"': "the toolkit's own file, beside this one",
  'source "$_reactive_home/request.sh"': "the toolkit's own file, beside this one",
  'source "$_reactive_home/carried.sh"': "the toolkit's own file, beside this one",
  'source "$_reactive_home/begin-hook.sh"': "the toolkit's own file, beside this one",
  'source "$basic/${BASH_SOURCE[0]##*/}"':
    'the script of layer:basic that this one has replaced, in a directory of root',
  'mapfile -t -n 2 lines <"$1"': 'an array of fixed name',
  'mapfile -t lines <"$1"': 'an array of fixed name',
  'source "${0%/*}/command.sh"': "the toolkit's own file, beside this one",
  'source "${0%/*}/tool.sh"': "the toolkit's own file, beside this one",
  'source "${BASH_SOURCE[0]%/*}/../channel.sh"': "the toolkit's own file, above this one",
  'builtin source "$_reactive_home/channel.sh"': "the toolkit's own file, beside this one",
  'builtin source "$_reactive_home/request.sh"': "the toolkit's own file, beside this one",
  'builtin source "$_reactive_home/handler-file.sh"': "the toolkit's own file, beside this one",
  'builtin source "$_reactive_home/without-engine.sh"': "the toolkit's own file, beside this one",
  'builtin source "$_reactive_home/$1"': "the toolkit's own file, by a name that its callers write out",
  'builtin source "$CHARMS_REACTIVE_SHELL/charms.reactive.sh"':
    "the toolkit's own file, in place of the charm's copy",
  'builtin source "$@"': 'what the charm itself sources, above the library',
  'source "$_reactive_bats_dir/../channel.sh"': "the toolkit's own file, beside this one",
  'source "$_reactive_bats_dir/arrange.bash"': "the toolkit's own file, beside this one",
  'source "$_reactive_bats_dir/act.bash"': "the toolkit's own file, beside this one",
  'source "$_reactive_bats_dir/assert.bash"': "the toolkit's own file, beside this one",
  'source "$library/channel.sh"': "the toolkit's own file, where the link to this one leads",
  'builtin source "${CHARM_DIR:-${JUJU_CHARM_DIR:-$PWD}}/$_reactive_lib"':
    'a regular file below lib/charms/layer of the charm: a name with /../ is refused above',
  'builtin trap \'{ _reactive_ended "$?" "$BASH_COMMAND" && :; } 2>/dev/null\'$\'\\n\'"$_reactive_own_trap" EXIT':
    'a text without anything computed, and a trap of the file itself',
  'builtin trap \'{ _reactive_missing "$?" "${BASH_SOURCE[0]}" "$LINENO" "$BASH_COMMAND"; } 2>/dev/null\' ERR':
    'a text without anything computed: its variables are words when it runs',
  'builtin trap \'{ _reactive_exited "$?" "$BASH_COMMAND"; } 2>/dev/null\' EXIT':
    'a text without anything computed: its variables are words when it runs',
  'builtin trap \'{ _reactive_failed "$?" "$BASH_COMMAND"; } 2>/dev/null\' ERR':
    'a text without anything computed: its variables are words when it runs',
  'export "${_reactive_variable?}"': "NAME=VALUE of the engine, whose names are the toolkit's own list",
  '_reactive_target=$(builtin declare -p "$_reactive_target")': 'a name, of which bash tells what it is',
  "builtin printf -v _reactive_line '%65537s' ''": 'a variable of fixed name',
  'builtin mapfile -t _reactive_known < <(builtin compgen -A function @)': 'an array of fixed name',
  'for _reactive_name in "${!_reactive_@}"; do': "names of the library's own variables as bash lists them",
  '[[ $_reactive_name == @(_reactive_name|_reactive_listed) ]] || builtin local -a "$_reactive_name"':
    'a name of the list in the line above',
  'if [[ $_reactive_name != @(BASH*|FUNCNAME|GROUPS|DIRSTACK) ]] && builtin declare -p "$_reactive_name" &>/dev/null; then':
    'a name, by the pattern in the line above, of which bash tells what it is',
  'builtin mapfile -d \'\' -t _reactive_lines 2>/dev/null <"/proc/$$/cmdline" || :': 'an array of fixed name',
  'builtin local -n "_reactive_variable=$1" 2>/dev/null || builtin return 0':
    'a name of a variable as bash lists them; a reference to part of an array is left out above',
  'unset CHARMS_REACTIVE_CHANNEL "${!JUJU_@}" CHARM_DIR': 'names of variables as bash lists them',
  'if [[ $# -gt 1 && ${!#} == - ]]; then': 'the last word, by its number',
  '[[ ${!at-} == "${held[at]}" ]] || ((at == 0)) || return 1': 'a word, by a number that counts here',
  'builtin mapfile -t _reactive_lines 2>/dev/null <"$1" || builtin return 1': 'an array of fixed name',
  'mapfile -d \'\' -t _reactive_variables < <("$_reactive_home/charms.reactive" charm-env "${_reactive_target[@]}")':
    'an array of fixed name',
  '[[ -e $unit/command-hold ]] && mapfile -d \'\' -t held <"$unit/command-hold" && ((${#held[@]} > 0)) || return 1':
    'an array of fixed name',
}

/** The variables that stand in arithmetic, as a subscript or as an offset, and why each is a number. */
const NUMBERS: Record<string, string> = {
  _reactive_index: 'counts here, or is a key of an array',
  _reactive_other: 'counts here',
  _reactive_nth: 'counts here',
  _reactive_frame: 'counts here',
  BASH_LINENO: "bash's own",
  _reactive_last: 'digits alone, or nothing',
  _reactive_first: 'a line number of bash',
  _reactive_number: 'a line number of bash',
  _reactive_found: 'counts here',
  _reactive_at: 'an element of _reactive_guards in find-functions.sh, which are counted there',
  _reactive_words: 'only the count of the words of @not_unless, which _reactive_attach wrote',
  _reactive_status: '$? or $PIPESTATUS',
  BASH_VERSINFO: "bash's own, and readonly",
  _reactive_row: 'counts here',
  _reactive_column: 'counts here',
  _reactive_costs: 'counts here',
  _reactive_corner: 'counts here',
  _reactive_next: 'counts here, where it is no line of text',
  _reactive_distance: 'counts here',
  _reactive_least: 'counts here',
  _reactive_line: "a line number of bash's own",
  _reactive_failure: "only the third, a line number of bash's own",
  _reactive_inside: 'counts here',
  _reactive_anywhere: 'counts here',
  _reactive_size: 'computed by arithmetic, or a size that the engine counted',
  _reactive_steps: 'counts here',
  _reactive_open: 'a name below /proc/self/fd',
  _reactive_key: 'the key of a map is no arithmetic, and expanded once',
  at: 'counts here',
  place: 'counts here',
  key_place: 'counts here: there is one wherever there is a key',
  left: 'counts here',
  status: '$?',
}

/** Parameters and slices of what the engine says, in arithmetic. */
const NUMERIC_TEXTS: Record<string, string> = {
  $1: 'a length that the caller computed, or a number of an array',
  $2: "a line number of bash's own",
  '10#${_reactive_reply:5:8}': 'eight digits that the engine wrote',
  '${_reactive_head#* }': 'a length that the engine counted',
}

interface Place {
  file: string
  line: number
  text: string
}

function linesOfShell(): Place[] {
  const names = fs.readdirSync(SHELL, { recursive: true, encoding: 'utf8' })
  return names
    .filter((file) => fs.statSync(path.join(SHELL, file)).isFile())
    .flatMap((file) => {
      const lines = fs.readFileSync(path.join(SHELL, file), 'utf8').split('\n')
      return lines.map((text, index) => ({ file, line: index + 1, text: text.trim() }))
    })
    .filter(({ text }) => text !== '' && !text.startsWith('#'))
}

/** What bash would read as a number in a line: arithmetic, subscripts, offsets, and numeric comparisons. */
function numbersIn(text: string): string[] {
  const inParentheses = [...text.matchAll(/\(\((.*?)\)\)/g)].map(([, inner = '']) => inner)
  const subscripts = [...text.matchAll(/[A-Za-z_]\w*\[([^\][]*(?:\[[^\]]*\])?[^\][]*)\]/g)].map(
    ([, inner = '']) => inner,
  )
  const offsets = [...text.matchAll(/\$\{[\w@#]+(?:\[[@*]\])?:(?![-+=?])((?:[^{}]|\{[^{}]*\})*)\}/g)].map(
    ([, inner = '']) => inner,
  )
  const compared = [...text.matchAll(/(\S+) -(?:eq|ne|lt|gt|le|ge) (\S+)/g)].flatMap(
    ([, one = '', two = '']) => [one, two],
  )
  return [...inParentheses, ...subscripts, ...offsets, ...compared]
}

/** The variables in an expression whose value bash would evaluate; lengths and counts are numbers anyway. */
function unknownIn(expression: string): string[] {
  let rest = expression.replaceAll(/\$\{#[^}]*\}|\$#|\$\?/g, '0')
  for (const text of Object.keys(NUMERIC_TEXTS)) rest = rest.replaceAll(text, '0')
  if (/^(\\?['"]?[@*]|[:\-_ ]*|\^?\]?[[:\w:\]]*)$/.test(rest) && !/[A-Za-z_]{2}/.test(rest)) return []
  return [...rest.matchAll(/\$?\{?[A-Za-z_]\w*/g)]
    .map(([name]) => name.replace(/[${]/g, ''))
    .filter((name) => !Object.hasOwn(NUMBERS, name))
}

it('each place that evaluates text has a reason', () => {
  const found = linesOfShell().filter(({ text }) => EVALUATING.some((pattern) => pattern.test(text)))
  const strange = found.filter(({ text }) => !Object.hasOwn(SAFE, text))
  expect(strange).toEqual([])
  const texts = new Set(found.map(({ text }) => text))
  expect(Object.keys(SAFE).filter((text) => !texts.has(text))).toEqual([])
})

it('each number that bash evaluates is one', () => {
  const strange = linesOfShell().flatMap(({ text, ...place }) =>
    // A regular expression, a pattern of `case` or a message has brackets that are none.
    numbersIn(
      text.replaceAll(/\[\[:\w+:\]\]|\[\^?[^\][]*\[:\w+:\][^\]]*\]|'[^']*'|\*\[!?[^\]]*\]/g, ''),
    ).flatMap((expression) => unknownIn(expression).map((name) => ({ ...place, name, expression }))),
  )
  expect(strange).toEqual([])
})

it.each([
  ['eval "$1"', true],
  ['  . "$file"', true],
  ['builtin source "$file"', true],
  ['printf -v "$name" x', true],
  ['declare -g "$name=x"', true],
  ['local -n target=$1', true],
  ['[[ -v $name ]]', true],
  ['echo "${!name}"', true],
  ['unset "$name"', true],
  ['printf "%s" "$name"', false],
  ['set_flag "$flag"', false],
])('the audit sees %s: %s', (text, isSeen) => {
  expect(EVALUATING.some((pattern) => pattern.test(text))).toBe(isSeen)
})

it.each([
  ['((count > $word))', ['count', 'word']],
  ['x=$((word + 1))', ['word']],
  ['echo "${list[word]}"', ['word']],
  ['echo "${text:word}"', ['word']],
  ['[[ $word -eq 3 ]]', ['word']],
  ['((${#word} > 3))', []],
])('the audit sees the numbers of %s', (text, names) => {
  expect(numbersIn(text).flatMap(unknownIn)).toEqual(names)
})
