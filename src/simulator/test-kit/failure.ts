// How an assertion says that it does not hold: title and pairs as bats-support prints them, and what else
// helps below.

/** An assertion does not hold. The message is the whole text for stderr. */
export class AssertionFailure extends Error {
  override name = 'AssertionFailure'
}

/** Labels and what belongs to each, in the order in which they are printed. */
export type Pairs = Readonly<Record<string, string>>

/** What is printed; the text that explains it is made only then. */
export type Failure = readonly [title: string, pairs: Pairs, explain?: () => string]

/** `-- TITLE --`, aligned pairs, `--`, and below it text that explains. */
export function formatFailure([title, pairs, explain]: Failure): string {
  const text = explain?.().trimEnd() ?? ''
  return `\n-- ${title} --\n${formatPairs(pairs)}--\n\n${text === '' ? '' : `${text}\n\n`}`
}

/** One line per pair, or all of them in several lines when one needs that. */
export function formatPairs(pairs: Pairs): string {
  const entries = Object.entries(pairs)
  const width = Math.max(0, ...entries.map(([label]) => label.length))
  if (entries.every(([, value]) => !value.includes('\n'))) {
    return entries.map(([label, value]) => `${label.padEnd(width)} : ${value}\n`).join('')
  }
  return entries
    .map(([label, value]) => `${label} (${countLines(value)} lines):\n${indent(value)}\n`)
    .join('')
}

/** Two spaces in front of each line. */
export function indent(text: string, by = '  '): string {
  return text
    .split('\n')
    .map((line) => `${by}${line}`)
    .join('\n')
}

function countLines(text: string): number {
  return text === '' ? 0 : text.split('\n').length
}

/** A list as a pair shows it: on one line while that is short. */
export function listed(items: readonly string[]): string {
  if (items.length === 0) return '(none)'
  const line = items.join(', ')
  return line.length <= 90 ? line : items.join('\n')
}
