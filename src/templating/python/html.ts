// Escaping for HTML, character for character as MarkupSafe does it.

import { str } from './repr.ts'
import { words } from './text.ts'
import { Markup, type Value } from './values.ts'

const ESCAPES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  "'": '&#39;',
  '"': '&#34;',
}
const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0' }

/** Escape the value's text, unless it is escaped already. */
export function escapeHtml(value: Value): Markup {
  return value instanceof Markup ? value : new Markup(escapeText(str(value)))
}

/** Escape the text. */
export function escapeText(text: string): string {
  return text.replace(/[&<>'"]/g, (char) => ESCAPES[char] ?? char)
}

/** Remove comments and tags, join white space and resolve the common entities. */
export function stripTags(text: string): string {
  const bare = remove(remove(text, '<!--', '-->'), '<', '>')
  return resolveEntities(words(bare).join(' '))
}

function remove(text: string, open: string, close: string): string {
  let rest = text
  for (let start = rest.indexOf(open); start !== -1; start = rest.indexOf(open)) {
    const end = rest.indexOf(close, start)
    if (end === -1) break
    rest = rest.slice(0, start) + rest.slice(end + close.length)
  }
  return rest
}

function resolveEntities(text: string): string {
  return text.replace(/&(?:#(\d+)|#x([0-9a-f]+)|([a-z]+));/gi, (whole, decimal, hex, name) => {
    if (name !== undefined) return Object.hasOwn(ENTITIES, name) ? (ENTITIES[name] ?? whole) : whole
    const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal)
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole
  })
}
