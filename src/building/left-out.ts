// What a packed charm leaves out: files of development, of version control and of a unit, and what the charm's
// `.jujuignore` or `build.ignore` names, both with the syntax of .gitignore.

import path from 'node:path'
import ignore from 'ignore'
import { messageOf, ReactiveError } from '../errors.ts'
import { isRegularFile, readRegularFile } from '../system/regular-files.ts'

const IGNORE_FILES = ['.jujuignore', 'build.ignore']

/** A charm may take these in again, by a pattern that begins with `!`. */
const BY_DEFAULT = `
  .git .gitignore .gitattributes .gitmodules .github .svn .hg .hgignore .bzr .bzrignore
  /build/ /tests/ .tox .coverage __pycache__ *.pyc
  *~ .*.sw? .#* [#]*# .idea .vscode .DS_Store
  *.charm
`
  .trim()
  .split(/\s+/)

/** These never: they are Juju's, the archive's own, or a unit's. */
const ALWAYS = `
  /.reactive/ /revision /version ${IGNORE_FILES.map((name) => `/${name}`).join(' ')}
  .reactive-state.db* .unit-state.db* .juju-persistent-config .juju-charm .juju-deploying
`
  .trim()
  .split(/\s+/)

/** Capital letters matter. */
const AS_GIT = { ignorecase: false }

/** Whether a path is left out, one with a slash at the end for a directory. */
export function leftOutOf(charmDir: string): (name: string) => boolean {
  const chosen = ignore(AS_GIT).add(BY_DEFAULT)
  for (const text of ignoreTexts(charmDir)) chosen.add(text)
  const always = ignore(AS_GIT).add(ALWAYS)
  return (name) => always.ignores(name) || chosen.ignores(name)
}

/** Whether Juju leaves a path out when it packs the directory itself. */
export function leftOutByJuju(charmDir: string): (name: string) => boolean {
  const file = path.join(charmDir, '.jujuignore')
  const chosen = ignore(AS_GIT).add(textOf(file))
  return (name) => chosen.ignores(name)
}

function ignoreTexts(charmDir: string): string[] {
  return IGNORE_FILES.map((name) => textOf(path.join(charmDir, name)))
}

function textOf(file: string): string {
  if (!isRegularFile(file)) return ''
  try {
    return readRegularFile(file).toString()
  } catch (error) {
    throw new ReactiveError(`the file cannot be read: ${messageOf(error)}`, { cause: error })
  }
}
