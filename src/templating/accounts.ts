// The numbers of users and groups, read from the account files without asking a name service.

import { readFileSync } from 'node:fs'
import { UsageError } from '../errors.ts'

/** Find the number of the user; a number is its own. */
export function userId(name: string, file = '/etc/passwd'): number {
  return accountId(name, file, 'unknown user')
}

/** Find the number of the group; a number is its own. */
export function groupId(name: string, file = '/etc/group'): number {
  return accountId(name, file, 'unknown group')
}

// Both files have the name first and the number third.
function accountId(name: string, file: string, rule: string): number {
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    const [known, , id] = line.split(':')
    if (known === name && name !== '' && id !== undefined && /^\d+$/.test(id)) return Number(id)
  }
  if (/^\d+$/.test(name)) return Number(name)
  throw new UsageError(`${rule}: ${name}`)
}
