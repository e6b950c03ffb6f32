// docs/lint.md: what is written by hand, then the rules as their table has them.

import { markdownTable } from 'markdown-table'
import { RULES } from '../insight/lint/rules.ts'

const START = '## Rules\n'

/** The page with its list of rules made anew. */
export function renewLintPage(page: string): string {
  const [written] = page.split(START)
  const rows = Object.entries(RULES).map(([id, { severity, about }]) => [`\`${id}\``, severity, about])
  const table = markdownTable([['rule', 'severity', ''], ...rows], { padding: true, alignDelimiters: false })
  return `${written}${START}\n${table}\n`
}
