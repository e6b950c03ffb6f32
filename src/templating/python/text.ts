// Python's view of text: code points instead of UTF-16 units, its white space and its line ends.

const WHITE = '\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000'
const LEADING = new RegExp(`^[${WHITE}]+`)
const WHITE_CHAR = new RegExp(`^[${WHITE}]$`)
const LINE_END = /\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/g

/** One or more characters of white space. */
export const WHITE_RUN = new RegExp(`[${WHITE}]+`)

/** The characters of the text, one per code point. */
export function characters(text: string): string[] {
  return /[\ud800-\udfff]/.test(text) ? Array.from(text) : text.split('')
}

/** Count the characters of the text as Python does. */
export function textLength(text: string): number {
  return /[\ud800-\udfff]/.test(text) ? Array.from(text).length : text.length
}

/** Remove the characters, or white space, from the start of the text. */
export function stripStart(text: string, chars?: string): string {
  if (chars === undefined) return text.replace(LEADING, '')
  const all = characters(text)
  let start = 0
  while (start < all.length && chars.includes(all[start] ?? '')) start++
  return all.slice(start).join('')
}

/** Remove the characters, or white space, from the end of the text. */
export function stripEnd(text: string, chars?: string): string {
  const all = chars === undefined ? undefined : characters(text)
  if (all === undefined) return text.slice(0, endOfText(text))
  let end = all.length
  while (end > 0 && chars?.includes(all[end - 1] ?? '')) end--
  return all.slice(0, end).join('')
}

// Not a regular expression: `\s+$` takes quadratic time on long runs of white space.
function endOfText(text: string): number {
  let end = text.length
  while (end > 0 && WHITE_CHAR.test(text.charAt(end - 1))) end--
  return end
}

/** Remove the characters, or white space, from both ends of the text. */
export function strip(text: string, chars?: string): string {
  return stripEnd(stripStart(text, chars), chars)
}

/** The words of the text, separated by white space. */
export function words(text: string): string[] {
  return strip(text)
    .split(WHITE_RUN)
    .filter((word) => word !== '')
}

/** The lines of the text as Python's splitlines gives them. */
export function splitLines(text: string, keepEnds = false): string[] {
  const lines: string[] = []
  let start = 0
  for (const end of text.matchAll(LINE_END)) {
    const next = end.index + end[0].length
    lines.push(text.slice(start, keepEnds ? next : end.index))
    start = next
  }
  if (start < text.length) lines.push(text.slice(start))
  return lines
}

/** Fill the text up to the width; `center` favours the side that Python does. */
export function pad(text: string, width: number, side: 'left' | 'right' | 'center', fill = ' '): string {
  const missing = width - textLength(text)
  if (missing <= 0) return text
  if (side === 'left') return text + fill.repeat(missing)
  if (side === 'right') return fill.repeat(missing) + text
  const left = Math.floor(missing / 2) + (missing & width & 1)
  return fill.repeat(left) + text + fill.repeat(missing - left)
}

/** Upper case for the first character, lower case for the others. */
export function capitalize(text: string): string {
  const [first = '', ...rest] = characters(text)
  return first.toUpperCase() + rest.join('').toLowerCase()
}

/** Upper case for the first letter of each word, lower case for the others. */
export function titleCase(text: string): string {
  return text.replace(
    /\p{L}+/gu,
    (word) =>
      characters(word).slice(0, 1).join('').toUpperCase() + characters(word).slice(1).join('').toLowerCase(),
  )
}

/** Compare two texts by code point: negative, zero or positive. */
export function compareText(left: string, right: string): number {
  if (left === right) return 0
  if (!/[\ud800-\udfff]/.test(left + right)) return left < right ? -1 : 1
  const a = characters(left)
  const b = characters(right)
  for (let index = 0; index < Math.min(a.length, b.length); index++) {
    const difference = (a[index]?.codePointAt(0) ?? 0) - (b[index]?.codePointAt(0) ?? 0)
    if (difference !== 0) return difference
  }
  return a.length - b.length
}
