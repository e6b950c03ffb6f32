// Names of charms, and what may be called after them in code.

import { UsageError } from '../../errors.ts'

/** As Juju has them: words of letters and digits, joined by dashes, each with a letter in it. */
const CHARM = /^[a-z][a-z0-9]*(-[a-z0-9]*[a-z][a-z0-9]*)*$/

/** Throw unless Juju takes the name. */
export function checkCharmName(name: string): void {
  if (CHARM.test(name)) return
  const rule =
    'a name has lower-case letters, digits and single dashes, starts with a letter, and has a letter in each part'
  throw new UsageError(`${rule}: ${name}`)
}

/** The name as a part of functions and modules. */
export const identifierOf = (name: string) => name.replaceAll('-', '_')
