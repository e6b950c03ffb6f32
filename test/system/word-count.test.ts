import { expect, it } from 'vitest'
import { wordCount } from '../../src/system/word-count.ts'

const ANY = Number.POSITIVE_INFINITY

it.each([
  ['', 0, 0],
  ['FLAG', 1, 1],
  ['FLAG true|false', 2, 2],
  ['[KEY]', 0, 1],
  ['FLAG [VALUE]', 1, 2],
  ['ENDPOINT [REQUEST_ID [FIELD]]', 1, 3],
  ['FLAG...', 1, ANY],
  ['SOURCE TARGET [k=v...]', 2, ANY],
])('%j is at least %s and at most %s words', (written, least, most) => {
  expect(wordCount(written)).toEqual({ least, most })
})
