// Help, made from the command table. yargs lays out that of one command.

import yargs from 'yargs'
import type { Command, Option } from './commands/command.ts'
import { COMMANDS, findCommand, GROUPS } from './commands.ts'
import { FORMATS } from './output.ts'

/** What help knows of a command. */
export type Described = Pick<Command, 'example' | 'summary' | 'words' | 'options'>

/** Commands that are not rows of the table, since they need no unit. */
const UNITLESS: Record<string, Record<string, Described>> = {
  Hooks: {
    main: {
      example: 'main install',
      summary: 'Run a hook: register handlers, run those that match, commit.',
      words: '[HOOK]',
    },
  },
  Help: {
    help: { example: 'help set_flag', summary: 'Explain a command, or list all.', words: '[COMMAND]' },
    completion: {
      example: 'completion bash',
      summary: 'Print a script that completes commands, options and flags in bash.',
      words: 'bash',
    },
    version: { example: 'version', summary: 'Print the version.', words: '' },
  },
}

/** Options of every command of the table. */
const COMMON = {
  format: { summary: `how to print a value: ${FORMATS.join(', ')}; also -r -j -y -c -t`, value: 'FORMAT' },
  unit: { summary: 'outside of a hook: the unit', value: 'APP/N' },
  'charm-dir': { summary: 'outside of a hook: its charm dir', value: 'DIR' },
}

/** Those of them that a command takes. */
function commonOptions(command: Command): Record<string, Option> {
  const { format, ...target } = COMMON
  return 'namesCharm' in command ? { format } : { format, ...target }
}

/** All commands by subject, in the order of help. */
export function groups(): [title: string, commands: Record<string, Described>][] {
  const titles = new Set([...Object.keys(GROUPS), ...Object.keys(UNITLESS)])
  return [...titles].map((title) => [title, { ...UNITLESS[title], ...GROUPS[title] }])
}

/** The help of a command, or of all. */
export async function help(name: string | undefined): Promise<string> {
  return name === undefined ? helpForAll() : helpFor(name)
}

function helpForAll(): string {
  const subjects = groups().map(([title, commands]) =>
    columns(
      title,
      Object.entries(commands).map(([name, { summary }]) => [name, summary]),
    ),
  )
  return `charms.reactive COMMAND [WORD...]

The reactive framework for Juju charms. \`charms.reactive help COMMAND\` explains a command.

${subjects.join('\n')}
${columns('Options', describe(COMMON))}
Exit status: 0 yes, or done; 1 no; 2 wrong usage; 3 it could not be done; 70 a bug in the toolkit.
A failing handler gives the hook its own status.
`
}

async function helpFor(name: string): Promise<string> {
  const { example, summary, words } = described(name) ?? findCommand(name)
  const options = Object.entries(optionsOf(name))
  const cli = yargs([])
    .help(false)
    .version(false)
    .wrap(100)
    .locale('en')
    // An option of the command may have any name; its value stands behind it, as in manual pages.
    .parserConfiguration({ 'boolean-negation': false, 'camel-case-expansion': false })
    .updateStrings({ 'Options:': 'Options', 'Examples:': 'Example', boolean: '', string: '' })
    .usage(`${usage(name, words)}\n\n${summary}`)
    .example(`charms.reactive ${example}`, '')
  for (const [option, { summary: describe, value, short }] of options) {
    const valued = value === undefined ? describe : `${describe} (${value})`
    cli.option(option, { describe: valued, ...(short !== undefined && { alias: short }) })
  }
  return `${(await cli.getHelp()).trimEnd()}\n`
}

/** A command of help's own list, which has all of the table; undefined for any other name. */
const described = (name: string) => groups().find(([, commands]) => Object.hasOwn(commands, name))?.[1][name]

/** All options that a command takes. */
export function optionsOf(name: string): Record<string, Option> {
  const own = described(name)?.options ?? {}
  // Its own come first, also where one has the name of a common one.
  return Object.hasOwn(COMMANDS, name) ? { ...own, ...commonOptions(findCommand(name)), ...own } : own
}

const usage = (name: string, words: string) => `charms.reactive ${name} ${words}`.trim()

/** Options as help shows them: `--name VALUE`, and what it means. */
export function describe(options: Record<string, Option>): [string, string][] {
  return Object.entries(options).map(([name, { summary, value = '', short }]) => [
    `${short === undefined ? '' : `-${short}, `}--${name} ${value}`.trim(),
    summary,
  ])
}

/** A title, and below it two columns. */
function columns(title: string, rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(18, ...rows.map(([left]) => left.length))
  return `${title}\n${rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}\n`).join('')}`
}
