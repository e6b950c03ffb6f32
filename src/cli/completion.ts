// Completion for bash, made from the command table: commands, their words and options, the flags, marks and units
// that there are; also for the executables beside `charms.reactive`. The script asks the engine only for flags and
// marks, since that takes a moment.

import fs from 'node:fs'
import path from 'node:path'
import { UsageError } from '../errors.ts'
import { isExecutableFile } from '../system/executables.ts'
import { TOOLKIT_DIR } from '../version.ts'
import { type Described, groups, optionsOf } from './help.ts'
import { FORMATS } from './output.ts'

/** What completes a word of a command or a value of an option; a word that is spelled out stands for itself. */
const KINDS: Record<string, string> = {
  FLAG: 'flags',
  'HANDLER|FLAG': 'flags',
  MARK: 'marks',
  ID: 'marks',
  COMMAND: 'commands',
  'APP/N': 'units',
  FORMAT: `=${FORMATS.join('|')}`,
  FILE: 'files',
  DIR: 'files',
  CHARM: 'files',
  SOURCE: 'files',
  TARGET: 'files',
  'TARGET[=SOURCE]': 'files',
}

/** A completion script for bash. */
export function completion([shell = '', ...rest]: readonly string[]): string {
  if (shell !== 'bash' || rest.length > 0)
    throw new UsageError(`completion is for bash: ${[shell, ...rest].join(' ')}`)
  const commands = Object.assign({}, ...groups().map(([, rows]) => rows)) as Record<string, Described>
  const names = Object.keys(commands)
  const cases = Object.entries(commands).map(([name, command]) => caseOf(name, command))
  const executables = fs
    .readdirSync(path.join(TOOLKIT_DIR, 'shell'))
    .filter(
      (name) => Object.hasOwn(commands, name) && isExecutableFile(path.join(TOOLKIT_DIR, 'shell', name)),
    )
  return script(names, cases, ['charms.reactive', ...executables, 'charm-env'])
}

/** The branch of the script for a command: the kinds of its words, of its options' values, and its options. */
function caseOf(name: string, { words }: Described): string {
  const all = optionsOf(name)
  const kinds = words.replaceAll(/[[\]]/g, '').split(' ').filter(Boolean).map(kindOf)
  const values = Object.entries(all).map(([option, { value }]) =>
    value === undefined ? undefined : `--${option}:${kindOf(value)}`,
  )
  const parts = [
    `kinds=(${kinds.map((kind) => `'${kind}'`).join(' ')})`,
    `values='${values.filter(Boolean).join(' ')}'`,
    `options='${Object.keys(all)
      .map((option) => `--${option}`)
      .join(' ')}'`,
    ...(words.endsWith('...') || words.endsWith('...]') ? ['last=repeats'] : []),
  ]
  return `  ${name}) ${parts.join(' ')} ;;`
}

function kindOf(word: string): string {
  const plain = word.replace('...', '')
  if (/^[a-z|]+$/.test(plain)) return `=${plain}`
  return KINDS[plain] ?? 'none'
}

function script(names: readonly string[], cases: readonly string[], programs: readonly string[]): string {
  return `_charms_reactive_candidates() {
  case $1 in
  flags) charms.reactive get_flags 2>/dev/null ;;
  marks) charms.reactive get_marks 2>/dev/null ;;
  units)
    local unit
    for unit in /var/lib/juju/agents/unit-*-*/charm; do
      unit=\${unit%/charm} unit=\${unit##*/unit-}
      [[ $unit == '*'* ]] || printf '%s/%s\\n' "\${unit%-*}" "\${unit##*-}"
    done
    ;;
  commands) printf '%s\\n' ${names.join(' ')} ;;
  files) compgen -f -- "$2" ;;
  programs) compgen -c -- "$2" ;;
  =*) printf '%s\\n' \${1//[=|]/ } ;;
  esac
}
_charms_reactive_completion() {
  local words=("\${COMP_WORDS[@]:0:COMP_CWORD+1}") previous='' kind='' options='' values='' last='' before=''
  local kinds=() index=1 position=0 candidate word name IFS=$' \\t\\n'
  # A colon ends a word for bash: words are taken from the line, and what stands before it off what is offered.
  if [[ -n \${COMP_LINE-} ]]; then
    read -r -a words <<<"\${COMP_LINE:0:COMP_POINT}"
    [[ \${COMP_LINE:0:COMP_POINT} != *[[:space:]] ]] || words+=('')
    before=\${words[-1]%"\${words[-1]##*:}"}
  fi
  word=\${words[-1]} name=\${words[0]##*/}
  if [[ $name == charms.reactive ]]; then
    name=\${words[1]} index=2
    ((\${#words[@]} > 2)) || name=''
  fi
  case $name in
${cases.join('\n')}
  charm-env) kinds=(programs files) values='--unit:units --charm-dir:files' options='--unit --charm-dir' last=repeats ;;
  '') kinds=(commands) index=1 ;;
  esac
  for ((; index < \${#words[@]} - 1; index++)); do
    previous=\${words[index]}
    if [[ $previous == -* ]]; then
      [[ " $values " != *" $previous:"* ]] || index=$((index + 1))
    else
      position=$((position + 1))
    fi
  done
  previous=\${words[-2]}
  if [[ $previous == --* && " $values " == *" $previous:"* ]]; then
    kind=\${values#*"$previous:"} kind=\${kind%% *}
  elif [[ $word == -* ]]; then
    kind="=\${options// /|}"
  else
    ((position < \${#kinds[@]})) || [[ -z $last ]] || position=$((\${#kinds[@]} - 1))
    kind=\${kinds[position]-none}
  fi
  COMPREPLY=()
  while IFS= read -r candidate; do
    [[ $candidate == "$word"* ]] || continue
    printf -v candidate %q "$candidate"
    COMPREPLY+=("\${candidate#"$before"}")
  done < <(_charms_reactive_candidates "$kind" "$word")
}
complete -F _charms_reactive_completion ${programs.join(' ')}
`
}
