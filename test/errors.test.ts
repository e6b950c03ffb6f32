import { describe, expect, it } from 'vitest'
import { HandlerError, HookToolError, messageOf, oneLine, ReactiveError, UsageError } from '../src/errors.ts'

describe('an error', () => {
  it('has the exit status of its kind, and a cause', () => {
    const cause = new Error('why')
    expect(new ReactiveError('x', { cause })).toMatchObject({ exitStatus: 3, name: 'ReactiveError', cause })
    expect(new UsageError('x')).toMatchObject({ exitStatus: 2, name: 'UsageError' })
    expect(new UsageError('x')).toBeInstanceOf(ReactiveError)
  })

  it('of a hook tool says which call failed, and how', () => {
    const error = new HookToolError('config-get', ['--all'], 1, 'ERROR no\nconfig\n')
    expect(error.message).toBe('config-get --all failed with status 1: ERROR no\\nconfig')
    expect(error).toMatchObject({ tool: 'config-get', args: ['--all'], status: 1, exitStatus: 3 })
  })

  it('of a handler has its status, and names handler, place and command', () => {
    const failure = {
      handler: 'reactive/a.sh:f',
      file: 'reactive/a.sh',
      line: 7,
      command: 'false\n',
      status: 5,
    }
    const error = new HandlerError(failure, 'died')
    expect(error.exitStatus).toBe(5)
    expect(error.message).toBe('handler reactive/a.sh:f failed with status 5 at reactive/a.sh:7: false: died')
    const bare = new HandlerError({ handler: 'h', file: 'f', status: 1 })
    expect(bare.message).toBe('handler h failed with status 1 at f')
  })

  it('is one line, whatever was thrown', () => {
    expect(oneLine(' a\nb\r\tc\u001b[0m\u007f ')).toBe('a\\nb\\x0d\\x09c\\x1b[0m\\x7f')
    expect(messageOf(new Error('x'))).toBe('x')
    expect(messageOf('text')).toBe('text')
    expect(messageOf(undefined)).toBe('undefined')
  })
})
