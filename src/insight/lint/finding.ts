// What lint says: a finding, and what of a charm the rules look at.

import { CHARMCRAFT } from '../../charm/charm-dir.ts'
import type { Metadata } from '../../charm/charm-files.ts'
import type { CharmModel } from '../charm-model.ts'
import type { Call, SourceText } from '../sources/source.ts'

export type Severity = 'error' | 'warning' | 'note'

export interface Finding {
  rule: string
  severity: Severity
  /** Path relative to the charm dir. */
  file: string
  line: number
  column: number
  message: string
  /** The handler that it is about, by its id. */
  handler?: string
}

/** What a rule found; its severity is that of the rule unless it says so. */
export type Found = Omit<Finding, 'rule' | 'severity'> & { severity?: Severity }

/** All that rules look at. */
export interface Subject {
  charmDir: string
  model: CharmModel
  metadata: Metadata
  /** The charm's files as text, by path; empty where there is none. */
  textOf: (file: string) => string
  /** The layer that a file comes from; undefined where nothing says so. */
  layerOf: (file: string) => string | undefined
  /** Patterns of flags that interface layers set which the charm names and does not have. */
  unseen: readonly string[]
  /** Whether layers that it names are missing here: what needs the whole charm cannot be said then. */
  isPart: boolean
}

export interface Rule {
  severity: Severity
  /** What is wrong, and why it matters, for docs/lint.md. */
  about: string
  /** Whether it says nothing about a layer that is not composed with those below it. */
  needsAll?: boolean
  find(subject: Subject): Found[]
}

/** A place at the beginning of a file. */
export const atTop = (file: string) => ({ file, line: 1, column: 1 })

/** The place of a key in a declaration, below the keys before it; in charmcraft.yaml where that stands for it. */
export function placeOfKey(
  subject: Pick<Subject, 'textOf'>,
  declaration: string,
  ...keys: readonly string[]
) {
  const file = subject.textOf(declaration) === '' ? CHARMCRAFT : declaration
  const lines = subject.textOf(file).split('\n')
  let from = 0
  for (const key of keys) {
    const pattern = new RegExp(`^\\s*["']?${key.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}["']?\\s*:`)
    const found = lines.findIndex((line, index) => index >= from && pattern.test(line))
    if (found === -1) break
    from = found
  }
  return { file, line: from + 1, column: (lines[from]?.search(/\S|$/) ?? 0) + 1 }
}

/** The sources that charms read as handler files. */
export function isHandlerFile({ model }: Subject, { path }: SourceText): boolean {
  return model.registration.files.some((file) => file.path === path)
}

/** The place of a call, or the beginning of the file. */
export function placeOf(file: string, call: { line: number; column: number } | undefined) {
  return { file, line: call?.line ?? 1, column: call?.column ?? 1 }
}

/** Calls anywhere in the charm's code, with their files. */
export function callsIn({ model }: Subject, isMeant: (call: Call) => boolean) {
  return model.sources.flatMap(({ path: file, calls }) =>
    calls.filter(isMeant).map((call) => ({ file, call })),
  )
}
