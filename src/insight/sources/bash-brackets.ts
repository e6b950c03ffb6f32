// How long a part of a text in bash is that stands in brackets or backticks, both of them counted. One that never ends
// goes to the end of the text.

/** `(…)`: quotes and comments inside are respected. */
export function parenthesised(text: string, from: number): number {
  let depth = 0
  for (let at = from; at < text.length; at++) {
    const char = text[at] ?? ''
    if (char === '\\') at++
    else if (char === "'") at = find(text, "'", at + 1)
    else if (char === '"') at = endOfDoubleQuotes(text, at)
    else if (char === '#' && /\s/.test(text[at - 1] ?? '')) at = find(text, '\n', at + 1) - 1
    else if (char === '(') depth++
    else if (char === ')' && --depth === 0) return at - from + 1
  }
  return text.length - from
}

/** `{…}` */
export function braced(text: string, from: number): number {
  let depth = 0
  for (let at = from; at < text.length; at++) {
    const char = text[at] ?? ''
    if (char === '\\') at++
    else if (char === '{') depth++
    else if (char === '}' && --depth === 0) return at - from + 1
  }
  return text.length - from
}

/** `` `…` `` */
export function backticked(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at++) {
    if (text[at] === '\\') at++
    else if (text[at] === '`') return at - from + 1
  }
  return text.length - from
}

function find(text: string, mark: string, from: number): number {
  const found = text.indexOf(mark, from)
  return found === -1 ? text.length : found
}

function endOfDoubleQuotes(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at++) {
    const char = text[at]
    if (char === '\\') at++
    else if (char === '"') return at
    else if (char === '$' && text[at + 1] === '(') at += parenthesised(text, at + 1)
  }
  return text.length
}
