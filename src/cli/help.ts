// Help, version and completion, all made from the command table.

import yargs from 'yargs'
import { UsageError } from '../errors.ts'
import type { Command } from './commands/command.ts'
import { COMMANDS, findCommand } from './commands.ts'
import { FORMATS } from './output.ts'

/** Commands that are no rows of the table, since they need no unit. */
const OTHERS: Record<string, { words: string; summary: string }> = {
  main: { words: '[HOOK]', summary: 'Run a hook: register handlers, run what matches, commit.' },
  simulate: {
    words: 'CHARM EVENT...',
    summary:
      'Run events of a charm on a simulated unit, and report (--explain, --state FILE, --out FILE, --config O=V, --flag F, --file TARGET[=SOURCE], --command NAME, --allow NAME, --isolate auto|true|false, --no-check, --json).',
  },
  completion: { words: 'bash', summary: 'Print a script that completes commands and flags in bash.' },
  version: { words: '', summary: 'Print the version.' },
}

/** The help of a command, or of all. */
export async function help(name: string | undefined): Promise<string> {
  const text = name === undefined ? await helpForAll() : await helpFor(name)
  return `${text.trimEnd()}\n`
}

/** A completion script for bash. */
export function completion([shell = '', ...rest]: readonly string[]): string {
  if (shell !== 'bash' || rest.length > 0)
    throw new UsageError(`completion is for bash: ${[shell, ...rest].join(' ')}`)
  const takesFlags = Object.keys(COMMANDS).filter((name) => COMMANDS[name]?.words.includes('FLAG'))
  return `_charms_reactive_completion() {
  local word=\${COMP_WORDS[COMP_CWORD]}
  if ((COMP_CWORD == 1)); then
    mapfile -t COMPREPLY < <(compgen -W '${[...Object.keys(COMMANDS), ...Object.keys(OTHERS)].join(' ')}' -- "$word")
    return
  fi
  case \${COMP_WORDS[1]} in
  ${takesFlags.join(' | ')})
    mapfile -t COMPREPLY < <(charms.reactive get_flags 2>/dev/null | while IFS= read -r flag; do
      [[ $flag != "$word"* ]] || printf '%q\\n' "$flag"
    done)
    ;;
  *) mapfile -t COMPREPLY < <(compgen -f -- "$word") ;;
  esac
}
complete -F _charms_reactive_completion charms.reactive
`
}

async function helpForAll(): Promise<string> {
  const cli = base().usage('charms.reactive COMMAND [WORD...]\n\nThe reactive framework for Juju charms.')
  for (const [name, { words, summary }] of Object.entries({ ...COMMANDS, ...OTHERS })) {
    cli.command(`${name} ${positional(words)}`.trim(), summary)
  }
  return `${await formatOptions(cli).getHelp()}\n
Exit status: 0 yes, or done; 1 no; 2 wrong usage; 3 it could not be done; 70 a bug in the toolkit.
A failing handler gives the hook its own status.`
}

async function helpFor(name: string): Promise<string> {
  const other = Object.hasOwn(OTHERS, name) ? OTHERS[name] : undefined
  const {
    words,
    summary,
    options = {},
  }: Pick<Command, 'words' | 'summary' | 'options'> = other ?? findCommand(name)
  const cli = base().usage(`${`charms.reactive ${name} ${words}`.trim()}\n\n${summary}`)
  for (const [option, { summary: text, value }] of Object.entries(options)) {
    cli.option(
      option,
      value === undefined
        ? { describe: text, boolean: true }
        : { describe: `${text} (${value})`, string: true },
    )
  }
  return other === undefined ? formatOptions(cli).getHelp() : cli.getHelp()
}

function base() {
  return yargs([]).scriptName('charms.reactive').help(false).version(false).wrap(110).locale('en')
}

function formatOptions(cli: ReturnType<typeof base>) {
  return cli
    .option('format', { describe: 'how to print a value; also -r -j -y -c -t', choices: FORMATS })
    .option('unit', { describe: 'outside of a hook: the unit (APP/N)', string: true })
    .option('charm-dir', { describe: 'outside of a hook: its charm dir (DIR)', string: true })
}

/** yargs wants its own brackets; the table has those of manual pages. */
function positional(words: string): string {
  return words
    .split(' ')
    .filter(Boolean)
    .map((word) => (word.startsWith('[') ? word.replace('...', '..') : `<${word.replace('...', '..')}>`))
    .join(' ')
}
