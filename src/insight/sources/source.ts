// What the text of a source file says, whatever its language: its functions, and the calls in them. Words that are
// not literal are patterns: a part that only running the code could tell is `*`.

/** A file with code of the charm. */
export interface SourceFile {
  /** Path relative to the charm dir. */
  path: string
  language: 'bash' | 'javascript' | 'python'
}

/** A place in a source file; both count from 1. */
export interface Place {
  line: number
  column: number
}

/** A word of a call. */
export interface Word extends Place {
  /** The text, with `*` for each part that is not literal. */
  text: string
  /** Whether nothing of it is unknown. */
  literal: boolean
}

/** A call of a function or command with what stands in its words. */
export interface Call extends Place {
  /** In snake case, without what stands before a dot: `set_flag` for `reactive.set_flag` and `setFlag`. */
  name: string
  /** What stands before the dot: `reactive`, `self`, `hookenv`. */
  owner?: string
  words: Word[]
  /** Words with a name: `--when x`, `when=x`, `{ when: x }`. */
  options: Record<string, Word[]>
  /** The function it stands in; undefined at the top level. */
  inside: string | undefined
  /** Whether its answer is asked as a condition: `if`, `&&`, `||`, `!`. */
  asked?: boolean
}

/** A function of a source file. */
export interface SourceFunction extends Place {
  name: string
  /** Its last line. */
  end: number
}

/** What the text of a file says. */
export interface SourceText extends SourceFile {
  functions: SourceFunction[]
  calls: Call[]
  /** Why the text could not be read, in one line. */
  fault?: string
}

/** `setFlag` as `set_flag`. */
export function snakeCase(name: string): string {
  return name.replace(/(?<=[a-z0-9])[A-Z]/g, (letter) => `_${letter}`).toLowerCase()
}

/** Whether a text, which may be a pattern itself, can be what a pattern stands for. */
export function matchesPattern(pattern: string, text: string): boolean {
  if (!pattern.includes('*')) return pattern === text
  const parts = pattern.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${parts.join('.*')}$`, 's').test(text)
}

/** Whether the pattern is more than "something". */
export function saysSomething(pattern: string): boolean {
  return /[^*.]/.test(pattern)
}
