// What a notice is, apart from any charm: a test needs nothing but this file.

export interface Notice {
  headline: string
  body: string[]
}

/** The headline is the first line that is not empty. */
export function parseNotice(text: string): Notice {
  const [headline = '', ...body] = text.split('\n').filter((line) => line.trim() !== '')
  return { headline, body }
}
