import { describe, expect, it } from 'vitest'
import { configGet, isLeader, runHookTool, statusSet } from '../src/hook-tools.ts'
import { contextOf, makeCharm } from './test-unit.ts'

function contextWith(files: Record<string, string>) {
  const charm = makeCharm(files)
  return contextOf(charm, { PATH: `${charm}/tools:${process.env.PATH}` })
}

describe('a hook tool', () => {
  it('gets its words and gives its output', async () => {
    const context = contextWith({ 'tools/tool': '#!/bin/bash\nprintf "%s|" "$@"; pwd\n' })
    expect(await runHookTool(context, 'tool', ['a b', '', '$x'])).toBe(`a b||$x|${context.charmDir}\n`)
  })

  it('that fails is an error with all there is to know', async () => {
    const context = contextWith({ 'tools/tool': '#!/bin/bash\necho "ERROR no" >&2; exit 2\n' })
    await expect(runHookTool(context, 'tool', ['a'])).rejects.toMatchObject({
      name: 'HookToolError',
      tool: 'tool',
      args: ['a'],
      status: 2,
      stderr: 'ERROR no\n',
    })
    await expect(runHookTool(context, 'no-such-tool', [])).rejects.toMatchObject({ status: 127 })
  })

  it('that answers with no JSON is an error', async () => {
    const context = contextWith({ 'tools/config-get': '#!/bin/bash\necho nonsense\n' })
    await expect(configGet(context)).rejects.toThrow('answered with something that is not JSON: nonsense')
  })

  it('is asked for JSON', async () => {
    const context = contextWith({
      'tools/config-get': '#!/bin/bash\n[[ $* == "--all --format=json" ]] && echo \'{"a": null, "b": ""}\'\n',
      'tools/is-leader': '#!/bin/bash\n[[ $* == --format=json ]] && echo true\n',
      'tools/status-set': '#!/bin/bash\n[[ $# == 2 && $1 == active && $2 == "-x y" ]]\n',
    })
    expect(await configGet(context)).toEqual({ a: null, b: '' })
    expect(await isLeader(context)).toBe(true)
    await statusSet(context, 'active', '-x y')
  })

  it('may answer with nothing', async () => {
    const context = contextWith({
      'tools/config-get': '#!/bin/bash\n',
      'tools/is-leader': '#!/bin/bash\necho false\n',
    })
    expect(await configGet(context)).toEqual({})
    expect(await isLeader(context)).toBe(false)
  })
})
