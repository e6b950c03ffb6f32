import { describe, expect, it } from 'vitest'
import { isRuntime, usesPython } from '../../src/building/carried-toolkit.ts'
import { textEntry } from '../../src/building/entries.ts'

describe('a charm with Python', () => {
  it.each([
    ['a module', textEntry('reactive/app.py', ''), true],
    ['a program', textEntry('actions/go', '#!/usr/bin/env python3\n', true), true],
    ['a text that begins like one', textEntry('docs/go', '#!/usr/bin/python3\n'), false],
    ['a shell script about it', textEntry('hooks/start', '#!/bin/sh\nexec python3 -c ""\n', true), false],
    ['an empty program', textEntry('hooks/stop', '', true), false],
    ['a link', { path: 'a.py', kind: 'link', target: 'b' } as const, false],
  ])('has %s or not', (_, entry, isPython) => {
    expect(usesPython([textEntry('metadata.yaml', 'name: app\n'), entry])).toBe(isPython)
  })
})

it('the runtime is known by its place', () => {
  const paths = ['.reactive/bin/x86_64/node', '.reactive/dist/engine.cjs', 'bin/node']
  expect(paths.filter((path) => isRuntime(textEntry(path, '')))).toEqual(['.reactive/bin/x86_64/node'])
})
