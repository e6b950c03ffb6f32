// SQLite's errors in the words of the subject, with what to do about them.

import fs from 'node:fs'
import { dirname } from 'node:path'
import { codeOf, messageOf, ReactiveError } from '../../errors.ts'

const RULES: Record<string, string> = {
  SQLITE_BUSY: 'the unit state is locked by another process',
  SQLITE_LOCKED: 'the unit state is locked by another process',
  SQLITE_CORRUPT: 'the unit state is damaged',
  SQLITE_NOTADB: 'the file is not a unit state',
  SQLITE_ERROR: 'the file is not a unit state',
  SQLITE_READONLY: 'the unit state cannot be written',
  SQLITE_CANTOPEN: 'the unit state cannot be opened',
  SQLITE_FULL: 'the unit state cannot be written, the disk is full',
  SQLITE_IOERR: 'the unit state cannot be read or written',
  SQLITE_PERM: 'the unit state cannot be opened',
}

/** An error of SQLite in the words of the subject, or the error itself. */
export function describe(error: unknown, path: string): unknown {
  const rule = error instanceof SyntaxError ? RULES.SQLITE_CORRUPT : RULES[codeOf(error)]
  if (rule === undefined) return error
  return new ReactiveError(`${rule}${accessHint(path)}: ${path}: ${messageOf(error)}`, { cause: error })
}

/** What to do where it is only the permission that is missing: units belong to root. */
export function accessHint(path: string): string {
  if (process.getuid?.() === 0) return ''
  try {
    for (const name of [dirname(path), path]) {
      if (fs.existsSync(name)) fs.accessSync(name, fs.constants.R_OK | fs.constants.W_OK)
    }
    return ''
  } catch {
    return ', run this as root (sudo)'
  }
}
