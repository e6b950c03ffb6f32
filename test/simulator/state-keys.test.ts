// docs/simulator.md lists the keys of a state file. RECORD=yes writes them anew.

import fs from 'node:fs'
import path from 'node:path'
import { markdownTable } from 'markdown-table'
import { describe, expect, it } from 'vitest'
import { type Fields, snakeCase } from '../../src/simulator/read-state/readers.ts'
import { STATE_KEYS } from '../../src/simulator/read-state.ts'

const page = path.resolve(import.meta.dirname, '../../docs/simulator.md')
const KEYS = /(?<=<!-- keys -->\n).*(?=\n<!-- end of keys -->)/s

/** A row for each key, those of its value below it. */
function rows(fields: Fields, prefix = ''): string[][] {
  return Object.entries(fields).flatMap(([field, [about, read]]) => {
    const key = prefix + snakeCase(field)
    const cells = [`\`${key}\``, `\`${read.shape}\``, about].map((cell) => cell.replaceAll('|', '\\|'))
    return [cells, ...(read.fields === undefined ? [] : rows(read.fields, `${key}${stepOf(read.shape)}.`))]
  })
}

/** How to get from a value to the map whose keys follow: `[]`, `.NAME`. */
function stepOf(shape: string): string {
  if (shape.startsWith('[')) return '[]'
  const [, name, inner = ''] = /^\{([^:]+): (.*)$/.exec(shape) ?? []
  return name === undefined ? '' : `.${name}${stepOf(inner)}`
}

describe('docs/simulator.md', () => {
  it('has every key of a state file, as the reader says it', () => {
    const table = markdownTable([['key', 'value', ''], ...rows(STATE_KEYS as unknown as Fields)], {
      alignDelimiters: false,
    })
    const text = fs.readFileSync(page, 'utf8')
    if (process.env.RECORD === 'yes')
      fs.writeFileSync(
        page,
        text.replace(KEYS, () => table),
      )
    else expect(KEYS.exec(text)?.[0]).toBe(table)
  })
})
