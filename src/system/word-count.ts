// How many words a line may have, from how its usage is written: `FLAG [VALUE]`, `HANDLER...`,
// `[--times N] COMMAND [WORD...]`. Options and their values are no words; `-` is the text of standard input.

export interface WordCount {
  least: number
  most: number
}

const ANY = Number.POSITIVE_INFINITY
const NONE: WordCount = { least: 0, most: 0 }
/** A bracket, a bar, or an atom; what is in single quotes is one. */
const TOKENS = /\[|\](?:\.\.\.)?|\|(?= )|'[^']*'(?:\.\.\.)?|[^\s[\]']+(?:'[^']*'[^\s[\]']*)*/g

/** Usages are few, and the lines that are compared with them many. */
const COUNTED = new Map<string, WordCount>()

/** Count the words of a usage. */
export function wordCount(usage: string): WordCount {
  const known = COUNTED.get(usage)
  if (known !== undefined) return known
  const count = countGroup([...usage.matchAll(TOKENS)].map(([token]) => token))
  COUNTED.set(usage, count)
  return count
}

/** What stands in a bracket, or in the whole line; its tokens are taken off. */
function countGroup(tokens: string[]): WordCount {
  const choices = [NONE]
  let token = tokens.shift()
  for (; token !== undefined && !token.startsWith(']'); token = tokens.shift()) {
    if (token === '|') choices.unshift(NONE)
    else choices[0] = add(choices[0] ?? NONE, countOf(token, tokens))
  }
  const most = Math.max(...choices.map((choice) => choice.most))
  if (token === undefined) return { least: Math.min(...choices.map(({ least }) => least)), most }
  return { least: 0, most: token === ']' || most === 0 ? most : ANY }
}

function countOf(token: string, rest: string[]): WordCount {
  if (token === '[') return countGroup(rest)
  if (!token.startsWith('--')) return { least: 1, most: token.endsWith('...') ? ANY : 1 }
  // An option: the atom behind it is its value.
  if (rest[0] !== undefined && !/^(?:[[\]|]|--)/.test(rest[0])) rest.shift()
  return NONE
}

function add(one: WordCount, other: WordCount): WordCount {
  return { least: one.least + other.least, most: one.most + other.most }
}
