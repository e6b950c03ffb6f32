// docs/commands.md: what is written by hand, then every command as the command table has it.

import { markdownTable } from 'markdown-table'
import { type Described, describe, groups } from '../cli/help.ts'

const START = '## All commands\n'

/** The page with its list of commands made anew. */
export function renewCommandPage(page: string): string {
  const [written] = page.split(START)
  return `${written}${START}\n${groups().map(section).join('\n')}`
}

function section([title, commands]: [string, Record<string, Described>]): string {
  const rows = Object.entries(commands).map(([name, { words, summary, options = {}, example }]) => [
    code(`${name} ${words}`.trim()),
    [summary, ...describe(options).map(([option, meaning]) => `${code(option)} ${meaning}`)].join('<br>'),
    code(example),
  ])
  return `### ${title}\n\n${markdownTable([['command', '', 'example'], ...rows], { padding: true, alignDelimiters: false })}\n`
}

/** A vertical bar would end the cell. */
const code = (text: string) => `\`${text.replaceAll('|', '\\|')}\``
