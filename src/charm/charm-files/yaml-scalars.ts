// What the text of a YAML scalar means to PyYAML's safe loader: its resolver's patterns, which are not quite
// YAML 1.1 (`y` is a string, `1e3` is a string), and its constructors. Used by `yaml-file.ts` only.
//
// Where JavaScript has no such value: an integer beyond 2^53 is the string of its decimal digits, a date is
// what Python's str() prints of it, `!!binary` is its base64 text, and `1.0` is the number 1. A plain text
// that PyYAML takes for a number or a date and then fails on (`0b_`, `2001-13-01`) stays a string.

export type YamlScalar = string | number | boolean | null

interface ScalarTag {
  /** A plain scalar of this form has this tag. */
  plain: RegExp
  /** The value, undefined when the text is not one of this tag. */
  read: (text: string) => YamlScalar | undefined
}

const FLOAT =
  /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/
const INT =
  /^(?:[-+]?0b[01_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)$/
const TIMESTAMP =
  /^(\d{4})-(\d\d?)-(\d\d?)(?:(?:[Tt]|[ \t]+)(\d\d?):(\d\d):(\d\d)(?:\.(\d*))?(?:[ \t]*(?:(Z)|([-+])(\d\d?)(?::(\d\d))?))?)?$/
const PLAIN_TIMESTAMP = /^(?:\d{4}-\d\d-\d\d|\d{4}-\d\d?-\d\d?(?:[Tt]|[ \t]+).*)$/

const TAGS: Record<string, ScalarTag> = {
  bool: {
    plain: /^(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$/,
    read: (text) => BOOLEANS.get(text.toLowerCase()),
  },
  float: { plain: FLOAT, read: readFloat },
  int: { plain: INT, read: readInt },
  null: { plain: /^(?:~|null|Null|NULL|)$/, read: () => null },
  timestamp: { plain: PLAIN_TIMESTAMP, read: readTimestamp },
  str: { plain: /^(?!)/, read: (text) => text },
  binary: { plain: /^(?!)/, read: (text) => text.replace(/\s/g, '') },
}

const BOOLEANS = new Map([
  ['yes', true],
  ['no', false],
  ['true', true],
  ['false', false],
  ['on', true],
  ['off', false],
])

const PLAIN_TAGS = Object.values(TAGS)

/** The value of a scalar without quotes and without a tag. */
export function readPlainScalar(text: string): YamlScalar {
  const tag = PLAIN_TAGS.find(({ plain }) => plain.test(text))
  const value = tag?.read(text)
  return value === undefined ? text : value
}

/** Whether the safe loader knows the tag `!!NAME` for scalars. */
export function isScalarTag(name: string): boolean {
  return Object.hasOwn(TAGS, name)
}

/** The value of a scalar with the tag `!!NAME`, quoted or not; undefined when it is not one. */
export function readTaggedScalar(name: string, text: string): YamlScalar | undefined {
  return isScalarTag(name) ? TAGS[name]?.read(text) : undefined
}

function readInt(text: string): YamlScalar | undefined {
  const match = /^([-+]?)(.*)$/.exec(text.replaceAll('_', ''))
  const magnitude = readMagnitude(match?.[2] ?? '')
  if (magnitude === undefined) return undefined
  const value = match?.[1] === '-' ? -magnitude : magnitude
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value.toString()
}

function readMagnitude(digits: string): bigint | undefined {
  if (/^0b[01]+$/.test(digits) || /^0x[0-9a-f]+$/i.test(digits)) return BigInt(digits)
  if (/^0[0-7]*$/.test(digits)) return BigInt(`0o${digits}`)
  if (/^[1-9][0-9]*$/.test(digits)) return BigInt(digits)
  if (!/^[1-9][0-9]*(?::[0-9]+)+$/.test(digits)) return undefined
  return digits.split(':').reduce((sum, part) => sum * 60n + BigInt(part), 0n)
}

function readFloat(text: string): number | undefined {
  const match = /^([-+]?)(.*)$/.exec(text.replaceAll('_', '').toLowerCase())
  const magnitude = readFloatMagnitude(match?.[2] ?? '')
  return magnitude !== undefined && match?.[1] === '-' ? -magnitude : magnitude
}

function readFloatMagnitude(digits: string): number | undefined {
  if (digits === '.inf') return Number.POSITIVE_INFINITY
  if (digits === '.nan') return Number.NaN
  const parts = digits.split(':')
  if (!parts.every((part) => /^(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/.test(part))) return undefined
  return parts.reduce((sum, part) => sum * 60 + Number(part), 0)
}

/** `2001-12-14`, or `2001-12-14 21:59:43.100000-05:00`, as Python prints dates. */
function readTimestamp(text: string): string | undefined {
  const match = TIMESTAMP.exec(text)
  if (match === null) return undefined
  const [, year = '', month = '', day = '', hour, minute, second, fraction, zulu, sign, zone, zoneMinutes] =
    match
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  if (!isDate(date)) return undefined
  if (hour === undefined) return date
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined
  const time = `${hour.padStart(2, '0')}:${minute}:${second}`
  const micros = (fraction ?? '').slice(0, 6).padEnd(6, '0')
  const offset = zoneOffset(zulu === undefined ? sign : '+', Number(zone ?? 0), Number(zoneMinutes ?? 0))
  return offset === undefined
    ? undefined
    : `${date} ${time}${micros === '000000' ? '' : `.${micros}`}${offset}`
}

function isDate(date: string): boolean {
  const time = Date.parse(`${date}T00:00:00Z`)
  return !date.startsWith('0000') && !Number.isNaN(time) && new Date(time).toISOString().startsWith(date)
}

function zoneOffset(sign: string | undefined, hours: number, minutes: number): string | undefined {
  if (sign === undefined) return ''
  const total = hours * 60 + minutes
  if (total >= 24 * 60) return undefined
  const two = (number: number) => String(number).padStart(2, '0')
  return `${total === 0 ? '+' : sign}${two(Math.floor(total / 60))}:${two(total % 60)}`
}
