// Output formats: raw, json, yaml, csv and tab. Where there is output it ends with a line end.

import { stringify } from 'yaml'
import { UsageError } from '../errors.ts'

export const FORMATS = ['raw', 'json', 'yaml', 'csv', 'tab'] as const
export type Format = (typeof FORMATS)[number]

/** Raw is known without loading anything; the other formatters are loaded when they are asked for. */
export function format(value: unknown, name: Format | undefined): string | Promise<string> {
  if (name === undefined && value instanceof AsText) return value.text
  if (name === undefined && value instanceof AsYaml) return yaml(value.value)
  if (name === undefined && value instanceof AsHookTool) return smart(value.value)
  const isWrapped = value instanceof AsText || value instanceof AsYaml || value instanceof AsHookTool
  const bare = isWrapped ? value.value : value
  switch (name ?? 'raw') {
    case 'raw':
      return printable(raw(bare))
    case 'json':
      return `${JSON.stringify(bare ?? null)}\n`
    case 'yaml':
      return yaml(bare)
    case 'csv':
      return table(bare, ',')
    case 'tab':
      return table(bare, '\t')
  }
}

/** A list prints one item per line, a map and other structures as JSON, null as nothing. */
function raw(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (Array.isArray(value)) return value.map((item) => `${item === null ? '' : scalar(item)}\n`).join('')
  return `${scalar(value)}\n`
}

function scalar(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** No shell variable holds NUL: it would be cut off somewhere on the way. */
function printable(text: string): string {
  if (text.includes('\0')) throw new UsageError('the value contains NUL, print it with --format json')
  return text
}

/** Juju's default format. Texts, the commonest, need no YAML. */
function smart(value: unknown): string | Promise<string> {
  if (typeof value === 'string') return printable(value === '' ? '' : `${value}\n`)
  return structured(value)
}

async function structured(value: unknown): Promise<string> {
  const { FORMATS: formats } = await import('../juju/hook-tools/output-formats.ts')
  return printable(formats.smart?.(value) ?? '')
}

async function yaml(value: unknown): Promise<string> {
  return stringify(value ?? null, { version: '1.1', lineWidth: 0 })
}

async function table(value: unknown, delimiter: string): Promise<string> {
  const { stringify } = await import('csv-stringify/sync')
  const text = (item: unknown) => (item === null || item === undefined ? '' : scalar(item))
  return printable(
    stringify(
      rows(value).map((row) => row.map(text)),
      { delimiter },
    ),
  )
}

function rows(value: unknown): unknown[][] {
  if (value === null || value === undefined) return []
  if (Array.isArray(value)) return value.map((item) => (Array.isArray(item) ? item : [item]))
  return typeof value === 'object' ? Object.entries(value) : [[value]]
}

/** A value that is YAML where no other format is asked for. */
export class AsYaml {
  readonly value: unknown
  constructor(value: unknown) {
    this.value = value
  }
}

/** A value that is printed as a hook tool of Juju prints it where no other format is asked for. */
export class AsHookTool {
  readonly value: unknown
  constructor(value: unknown) {
    this.value = value
  }
}

/** A value that has a text of its own where no other format is asked for. */
export class AsText {
  readonly value: unknown
  readonly text: string
  constructor(value: unknown, text: string) {
    this.value = value
    this.text = text
  }
}

/** A value that is only printed where a format is asked for. */
export class InFormats extends AsText {
  constructor(value: unknown) {
    super(value, '')
  }
}
