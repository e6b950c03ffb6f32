import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { renderToFile } from '../../src/templating/render-template.ts'
import { makeDir, startSession } from '../test-unit.ts'

async function render(template: string, given: object, env: Record<string, string> = {}): Promise<string> {
  const session = await startSession({ files: { 'templates/t.j2': template }, env })
  renderToFile(session, 't.j2', 'out', given)
  return fs.readFileSync(path.join(session.context.charmDir, 'out'), 'utf8')
}

describe('render_template', () => {
  it('knows the environment, then shell variables, then k=v, the later ones first', async () => {
    const shellVariables = ['text', 'b', 'shell', 'text', 'c', 'shell']
    expect(
      await render('{{ a }} {{ b }} {{ c }}', { shellVariables, pairs: ['c=x=y'] }, { a: 'env', b: 'env' }),
    ).toBe('env shell x=y')
  })

  it('knows arrays as lists and associative arrays as maps', async () => {
    const shellVariables = [
      'list',
      'l',
      '2',
      'a b',
      '',
      'map',
      'm',
      '1',
      '__proto__',
      'v',
      'list',
      'empty',
      '0',
      'text',
      't',
      'x',
    ]
    expect(await render('{{ l }}{{ empty }}{{ m["__proto__"] }}{{ t }}', { shellVariables })).toBe(
      "['a b', ''][]vx",
    )
  })

  it('writes below the root of a simulated unit', async () => {
    const root = makeDir()
    const session = await startSession({
      files: { 'templates/t.j2': 'x' },
      env: { CHARMS_REACTIVE_ROOT: root },
    })
    renderToFile(session, 't.j2', '/etc/deep/app.conf', { mode: '0640' })
    const { mode } = fs.statSync(path.join(root, 'etc/deep/app.conf'))
    expect(mode & 0o777).toBe(0o640)
  })

  it.each<[object, string]>([
    [{ pairs: ['x'] }, 'a variable is written NAME=VALUE: x'],
    [{ pairs: ['=x'] }, 'a variable is written NAME=VALUE: =x'],
    [{ undefinedMode: 'no' }, '--undefined takes empty or strict: no'],
    [{ mode: '9' }, '--mode takes an octal number: 9'],
    [{ mode: 'u+x' }, '--mode takes an octal number: u+x'],
    [{ shellVariables: ['nonsense', 'x'] }, 'unknown kind of shell variable: nonsense'],
  ])('refuses %j', async (given, message) => {
    await expect(render('x', given)).rejects.toThrow(message)
  })
})
