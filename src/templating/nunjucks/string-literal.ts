// The escapes of Python's string literals.

const ESCAPE = /\\(\n|[0-7]{1,3}|x[\da-f]{2}|u[\da-f]{4}|U[\da-f]{8}|[xuUN]|[\s\S])/gi
const SIMPLE: Record<string, string> = {
  '\n': '',
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
}

/** The text that the body of a string literal stands for; undefined for an invalid escape. */
export function pythonString(body: string): string | undefined {
  let valid = true
  const text = body.replace(ESCAPE, (whole: string, code: string) => {
    const simple = SIMPLE[code]
    if (simple !== undefined) return simple
    if (/^[0-7]+$/.test(code)) return String.fromCodePoint(Number.parseInt(code, 8))
    if (!/^[xuUN]/.test(code)) return whole
    const point = Number.parseInt(code.slice(1), 16)
    valid &&= code.length > 1 && point <= 0x10ffff
    return valid ? String.fromCodePoint(point) : ''
  })
  return valid ? text : undefined
}
