import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { dropEarlyProcess, takeEarlyProcess } from '../../../src/handlers/python/early-process.ts'
import type { Context } from '../../../src/juju/context.ts'
import { Readers } from '../../../src/system/pipe-ends.ts'

const env = { PATH: '/bin', PYTHONPATH: '/lib' }

/** Four descriptors in place of pipes, and a context that says so. */
function start(pid = process.pid) {
  const pipes = Array.from({ length: 4 }, () => fs.openSync('/dev/null', 'r+'))
  const python = `${pid} ${pipes.join(' ')}\n${env.PATH}\n${env.PYTHONPATH}`
  return { context: { python } as Context, pipes }
}

const isOpen = (descriptor: number) => fs.existsSync(path.join('/proc/self/fd', String(descriptor)))

describe('the Python process that the launcher has started', () => {
  it.each([
    ['PATH', { ...env, PATH: '/venv/bin:/bin' }],
    ['PYTHONPATH', { ...env, PYTHONPATH: '/other' }],
  ])('is let go where the engine would start one with another %s', (_, wanted) => {
    const { context, pipes } = start()
    expect(takeEarlyProcess(context, wanted, new Readers())).toBeUndefined()
    expect(pipes.filter(isOpen)).toEqual([])
    expect(takeEarlyProcess(context, env, new Readers())).toBeUndefined()
  })

  it('is let go once, and where there is none nothing happens', () => {
    const { context, pipes } = start()
    dropEarlyProcess(context)
    const [again = 0] = [fs.openSync('/dev/null', 'r')]
    dropEarlyProcess(context)
    expect(pipes).toContain(again)
    expect(isOpen(again)).toBe(true)
    fs.closeSync(again)
    dropEarlyProcess({ python: '' } as Context)
    expect(takeEarlyProcess({ python: '' } as Context, env, new Readers())).toBeUndefined()
  })
})
