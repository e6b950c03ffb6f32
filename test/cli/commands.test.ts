import { describe, expect, it } from 'vitest'
import { COMMANDS, findCommand } from '../../src/cli/commands.ts'

describe('the command table', () => {
  it.each(Object.entries(COMMANDS))('has a complete row for %s', (name, row) => {
    expect(name).toMatch(/^[a-z_]+$/)
    expect(row.summary).toMatch(/^[A-Z].*\.$/)
    // What may be left out comes behind what may not.
    expect(row.words).toMatch(/^([^[ ]+( |$))*(\[\S+( |$))*$/)
    for (const [option, { summary }] of Object.entries(row.options ?? {})) {
      expect(option).toMatch(/^[a-z]+([_-][a-z]+)*$/)
      expect(summary).toMatch(/\w/)
    }
  })

  it('finds nothing that is no row', () => {
    for (const name of ['', '__proto__', 'constructor', 'toString', 'set-flag', 'SET_FLAG']) {
      expect(() => findCommand(name)).toThrow(`unknown command: ${name}`)
    }
  })
})
