// What a word of `includes` names: a layer or interface of that name, a directory, or a git repository. Whatever
// could lead git or the file system astray is refused here, before anything is looked for.

import { ReactiveError } from '../../errors.ts'

export type LayerKind = 'layer' | 'interface'

export interface Reference {
  /** As it is written. */
  text: string
  /** Undefined where only the files can tell: a directory or repository without a prefix. */
  kind: LayerKind | undefined
  /** `basic`; of a directory or repository the last part of its path. */
  name: string
  /** A commit, tag or branch behind `@`. */
  revision?: string
  /** One of both for what is no name. */
  path?: string
  repository?: string
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*$/
const REVISION = /^[A-Za-z0-9][A-Za-z0-9._/-]*$/
/** The transports of git that only transport. `ext::` runs commands, and so may helpers that it finds by name. */
const REPOSITORY = /^(https?|ssh|git|file):\/\/[^\s-]|^[A-Za-z0-9._-]+@[A-Za-z0-9][A-Za-z0-9.-]*:[^\s-]/

/** Version control and package sources of charm-tools that are not supported. */
const OUTDATED = /^(lp|bzr|bzr\+ssh|hg|hg\+https?|cs|local|launchpad):/

/** Take a word of `includes` apart. Throws an error that says what is wrong with it. */
export function parseReference(text: string): Reference {
  const [, prefix, rest = ''] = /^(?:(layer|interface):)?([\s\S]*)$/.exec(text) ?? []
  const kind = prefix as LayerKind | undefined
  if (rest === '') throw wrong('it names nothing', text)
  if (/[\u0000-\u001f\u007f]/.test(rest)) throw wrong('a name has no control characters', text)
  if (rest.startsWith('-')) throw wrong('it would be an option of git', text)
  if (OUTDATED.test(rest)) throw wrong('layers come from directories and from git', text)
  if (rest.includes('::')) throw wrong('git would run a command for it', text)
  return { text, kind, ...placeOf(rest, kind, text) }
}

function placeOf(rest: string, kind: LayerKind | undefined, text: string) {
  if (isRepository(rest)) {
    const { base, revision } = splitRevision(rest, text)
    return { name: lastName(base, text), repository: base, ...(revision && { revision }) }
  }
  if (rest.includes('://')) throw wrong('git knows no such kind of address', text)
  if (kind === undefined || /^[./]/.test(rest)) return { name: lastName(rest, text), path: rest }
  const { base, revision } = splitRevision(rest, text)
  if (!NAME.test(base)) throw wrong('a name has letters, digits, dots, dashes and underscores', text)
  return { name: base, ...(revision && { revision }) }
}

/** Whether a word is the address of a repository. */
export function isRepository(word: string): boolean {
  return REPOSITORY.test(word) && !word.includes('::')
}

/** `NAME@REVISION`; an `@` before the last slash or colon belongs to the address. */
function splitRevision(word: string, text: string): { base: string; revision: string } {
  const [, base = word, revision = ''] = /^(.+)@([^@:]*)$/.exec(word) ?? []
  const isAddress = revision.includes('/') && !isRepository(base) && !NAME.test(base)
  if (isAddress || base === word) return { base: word, revision: '' }
  if (!REVISION.test(revision) || revision.includes('..')) throw wrong('not a revision of git', text)
  return { base, revision }
}

/** What a directory or repository is called: without the prefixes that such names usually have. */
function lastName(place: string, text: string): string {
  const last = place.replace(/\/+$/, '').split(/[/:]/).at(-1) ?? ''
  const name = last.replace(/\.git$/, '').replace(/^(charm-|juju-)?(layer|interface|relation)-/, '')
  if (!NAME.test(name)) throw wrong('its last part is not a name', text)
  return name
}

function wrong(rule: string, text: string): ReactiveError {
  return new ReactiveError(`this cannot name a layer: ${rule}: ${text}`)
}
