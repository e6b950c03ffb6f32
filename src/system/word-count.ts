// How many words a command takes, read from how its words are written: `FLAG [VALUE]` is one or two.

/** The least and the most. A word in brackets may be left out; three dots behind one stand for any number. */
export function wordCount(written: string): { least: number; most: number } {
  const words = written.split(' ').filter(Boolean)
  return {
    least: words.filter((word) => !word.startsWith('[')).length,
    most: words.some((word) => /\.\.\.\]*$/.test(word)) ? Number.POSITIVE_INFINITY : words.length,
  }
}
