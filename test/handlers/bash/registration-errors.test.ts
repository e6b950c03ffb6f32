import { beforeEach, expect, it } from 'vitest'
import type { BashProcess, Failure } from '../../../src/handlers/bash/process.ts'
import { abortion, missingSource, whyNotLoaded } from '../../../src/handlers/bash/registration-errors.ts'
import { makeCharm, startSession, type TestSession } from '../../test-unit.ts'

const FILE = 'reactive/app.sh'
const LIBRARY = 'source charms.reactive.sh'
let session: TestSession
let file = ''

beforeEach(async () => {
  const charmDir = makeCharm({ [FILE]: `#!/bin/bash\n${LIBRARY}\n`, 'windows.sh': 'a\nb\r\n' })
  session = await startSession({ charmDir })
  file = `${charmDir}/${FILE}`
})

/** What is known of a process that has ended. */
const process = (known: Partial<Pick<BashProcess, 'loaded' | 'ended' | 'sourced' | 'stderr'>>) =>
  ({
    file: { path: FILE, text: '' },
    loaded: false,
    sourced: [],
    stderr: '',
    ...known,
  }) as unknown as BashProcess
const ended = (status: number, line: number | undefined, command = ''): Failure => ({
  status,
  file: FILE,
  line,
  command,
})

it('names the source command whose file is missing, by what bash said of it', () => {
  const sourced = [
    { file, line: '2', command: 'source may-fail' },
    { file, line: '3', command: 'source lib.sh' },
  ]
  const stderr = `noise\n${file}: line 3: lib.sh: No such file\n`
  expect(missingSource(session, process({ sourced, stderr }))?.message).toBe(
    `the file cannot be sourced: ${FILE}:3: source lib.sh: lib.sh: No such file`,
  )
  expect(missingSource(session, process({ sourced, stderr: '' }))).toBeUndefined()
  expect(missingSource(session, process({ stderr }))).toBeUndefined()
})

it('says why the library was not loaded, where that is known', () => {
  const why = (stderr: string, text = LIBRARY, loaded = false) =>
    whyNotLoaded(session, process({ stderr, loaded }), text)?.message
  expect(why('')).toBeUndefined()
  expect(why('charms.reactive: bash is too old: /x\n')).toBe('bash is too old: /x')
  expect(why('charms.reactive: bash is too old: /x\n', LIBRARY, true)).toBeUndefined()
  expect(why('charms.reactive: of somebody else\n', 'source other.sh')).toBeUndefined()
  expect(why(`${file}: line 2: charms.reactive.sh: No such file\n`)).toBe(
    `the file cannot be sourced: ${FILE}:2: charms.reactive.sh: No such file`,
  )
  const windows = `${session.context.charmDir}/windows.sh`
  expect(why(`${windows}: line 1: charms.reactive.sh\\x0d: No such file\n`)).toBe(
    'the line ends with a carriage return, as in Windows files: windows.sh:2',
  )
  expect(() => why(`${file}: line 3: @when: command not found\n`, 'source other.sh\n\n@when x')).toThrow(
    `the file does not source charms.reactive.sh: ${FILE}:3: @when x`,
  )
  expect(why(`${file}: line 3: other: command not found\n`)).toBeUndefined()
})

it('says where a file ended that does not register, and by what', () => {
  const of = (status: number, end: Failure | undefined, stderr = '') =>
    abortion(session, status, process({ stderr, ...(end !== undefined && { ended: end }) })).message
  expect(of(0, ended(0, 7))).toBe(`the file ends without reactive_handler_main: ${FILE}:7`)
  expect(of(0, undefined)).toBe(`the file ends without reactive_handler_main: ${FILE}:1`)
  const rule = 'the file does not register, it ended with status'
  expect(of(0, undefined, `${file}: line 4: no\n`)).toBe(`${rule} 0 at ${FILE}:4: no`)
  expect(of(4, ended(4, 7, 'grep x\ny'))).toBe(`${rule} 4 at ${FILE}:7: grep x\\ny`)
  // A syntax error is followed by its line of source, and bash’s own words say more than the command.
  const syntax = `${file}: line 6: syntax error near unexpected token\n${file}: line 6: \`fi'\n`
  expect(of(2, undefined, syntax)).toBe(`${rule} 2 at ${FILE}:6: syntax error near unexpected token`)
  expect(of(1, ended(1, 4, 'echo "$x"'), `${file}: line 4: x: unbound variable\n`)).toBe(
    `${rule} 1 at ${FILE}:4: x: unbound variable`,
  )
  expect(of(3, undefined, 'charms.reactive: why\n')).toBe(`${rule} 3 at ${FILE}:1: why`)
  expect(of(9, undefined)).toBe(`${rule} 9 at ${FILE}:1: status 9`)
})
