import { describe, expect, it } from 'vitest'
import { wordCount } from '../../src/system/word-count.ts'

const ANY = Number.POSITIVE_INFINITY

describe('the number of words that a usage allows', () => {
  it.each([
    ['', 0, 0],
    ['FLAG', 1, 1],
    ['[KEY]', 0, 1],
    ['FLAG [VALUE]', 1, 2],
    ['ENDPOINT [REQUEST_ID [FIELD]]', 1, 3],
    ['SOURCE TARGET [k=v...]', 2, ANY],
    ['FLAG true|false', 2, 2],
    ['FLAG...', 1, ANY],
    ['HANDLER HANDLER...', 2, ANY],
    ['[FLAG...]', 0, ANY],
    ['[flags] [kv]', 0, 2],
    ['TOOL [STATUS [MESSAGE]]', 1, 3],
    ['FILE | -', 1, 1],
    ['[--all] [FLAG... | -]', 0, ANY],
    ['OPTION=VALUE... | --default OPTION', 0, ANY],
    ['--when FLAG | --when_not FLAG', 0, 0],
    ['NAME [--relation ID] [--unit UNIT | --app] [--env NAME=VALUE]', 1, 1],
    ['[--glob|--regexp] [--partial] COMMAND [WORD...]', 1, ANY],
    ['[--ignore COMMAND]...', 0, 0],
    ['[NAME]...', 0, ANY],
    ['FILE [--mode MODE] [--from SOURCE | TEXT | -]', 1, 2],
    ["'NAME [KEY=VALUE...]'...", 1, ANY],
    ["[--app] STATUS|'STATUS: MESSAGE'...", 1, ANY],
  ])('%j: from %d to %d', (usage, least, most) => {
    expect(wordCount(usage)).toEqual({ least, most })
  })
})
