import { expect, it } from 'vitest'
import {
  foreign,
  linesOf,
  mentionsLibrary,
  sourcesOwnCopy,
  sourcesSomething,
} from '../../../src/handlers/bash/file-text.ts'

it.each([
  ['source charms.reactive.sh', { sources: true, library: true, copy: false }],
  ['\n. lib/helper.sh', { sources: true, library: false, copy: false }],
  ['if true; then\tsource x; fi', { sources: true, library: false, copy: false }],
  ['echo source.sh; resource x', { sources: false, library: false, copy: false }],
  // By a variable: bash knows what it is.
  ['library=charms.reactive.sh', { sources: true, library: true, copy: false }],
  ['source "$CHARM_DIR/bin/charms.reactive.sh"', { sources: true, library: true, copy: true }],
  ['# not bin/charms.reactive.sh', { sources: true, library: true, copy: false }],
])('what %j sources', (text, { sources, library, copy }) => {
  expect([sourcesSomething(text), mentionsLibrary(text), sourcesOwnCopy(text)]).toEqual([
    sources,
    library,
    copy,
  ])
})

it('a file that is not ours has no decorators of ours', () => {
  for (const text of ['echo', '# @when x', 'mail @when', '@whenever x', '@mine x'])
    expect(foreign('reactive/x', text)).toBeUndefined()
  for (const decorator of ['@when x', '\t@not_unless y', '@method'])
    expect(() => foreign('reactive/x', `#!/bin/bash\n\n${decorator}\nf() { :; }`)).toThrow(
      `the file does not source charms.reactive.sh: reactive/x:3: ${decorator.trim()}`,
    )
})

it('the lines of a file are characters, whatever its bytes', () => {
  const text = Buffer.from('a größe\n✓').toString('latin1')
  expect(linesOf({ path: 'x', text })).toEqual(['a größe', '✓'])
})
