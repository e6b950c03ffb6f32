import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { readPython } from '../../../src/insight/sources/python.ts'

function read(...texts: string[]) {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'python-sources-'))
  onTestFinished(() => fs.rmSync(dir, { recursive: true }))
  const files = texts.map((text, index) => {
    fs.writeFileSync(path.join(dir, `${index}.py`), text)
    return { path: `${index}.py`, language: 'python' as const }
  })
  return readPython(dir, files)
}

it('reads calls with their words, however these are made', async () => {
  const [source] = await read(`
from charms import reactive
PREFIX = 'app'
class Provides(reactive.Endpoint):
    READY = '{endpoint_name}.ready'
    def manage_flags(self):
        reactive.toggle_flag(self.expand_name(self.READY), self.ok)
        reactive.set_flag('{}.{}.done'.format(PREFIX, self.name))
        reactive.set_flag(f'{self.endpoint_name}.x.{y}')
        reactive.set_flag('%s.%s' % (PREFIX, y))
        for flag in ('a', 'b'):
            reactive.clear_flag(flag)
        self.set_state('{relation_name}.' + ('c' if y else 'd'))
        reactive.register_trigger(when_not='e', set_flag=PREFIX + '.f')
port = config()['port']
`)
  const told = source?.calls.map(({ name, words, options, inside }) => {
    const given = Object.entries(options).map(([key, [word]]) => `${key}=${word?.text}`)
    return [inside ?? '-', name, ...words.map((word) => word.text), ...given].join(' ')
  })
  expect(told?.filter((line) => /flag|state|trigger|\[\]/.test(line.split(' ')[1] ?? ''))).toEqual([
    'manage_flags toggle_flag {endpoint_name}.ready *',
    'manage_flags set_flag app.*.done',
    'manage_flags set_flag {endpoint_name}.x.*',
    'manage_flags set_flag app.*',
    'manage_flags clear_flag a b',
    'manage_flags set_state {relation_name}.*',
    'manage_flags register_trigger when_not=e set_flag=app.f',
    '- config()[] port',
  ])
  expect(source?.functions).toEqual([{ name: 'manage_flags', line: 6, column: 5, end: 14 }])
})

it('knows constants of classes, of classes in them and of enumerations', async () => {
  const [source] = await read(`
class Plugin(RelationBase):
    READY = 'ready'
    class states():
        changed = '{relation_name}.changed'
    def update(self):
        self.conversation().set_state(self.states.changed)
        set_flag(Flags.READY.value)
        set_flag(Plugin.READY)
        set_flag(Plugin.states.changed)
        set_flag(other.READY)
class Flags(Enum):
    READY = 'app.ready'
`)
  const flags = source?.calls.filter(({ name }) => name.startsWith('set_')).map(({ words }) => words[0]?.text)
  expect(flags).toEqual(['{relation_name}.changed', 'app.ready', 'ready', '{relation_name}.changed', '*'])
})

it('says of each file why it cannot be read', async () => {
  expect(await read('def f(:', 'x = 1')).toMatchObject([
    { calls: [], fault: expect.stringContaining('SyntaxError: ') },
    { path: '1.py', calls: [] },
  ])
})
