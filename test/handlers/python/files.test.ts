import { expect, it } from 'vitest'
import { DispatchEnd } from '../../../src/errors.ts'
import type { HandlerOutput } from '../../../src/handlers/handler-output.ts'
import type { Handler } from '../../../src/handlers/handlers.ts'
import { PythonFiles } from '../../../src/handlers/python/files.ts'
import { Readers } from '../../../src/system/pipe-ends.ts'
import { isFlagSet, setFlag } from '../../../src/unit/flags.ts'
import { startSession } from '../../test-unit.ts'

const OUTPUT = { targets: ['inherit', 'inherit'] } as unknown as HandlerOutput

const FILES = {
  'reactive/app.py': `import sys
from charms.reactive import hook, is_flag_set, set_flag, when, when_file_changed
from charms.reactive.bus import Handler

@when('a', 'b')
def plain():
    set_flag('plain')

@when('a')
def plain():
    raise KeyError('x')

@hook('install')
def ends():
    sys.exit(0)

@hook('install')
def fails():
    sys.exit(7)

def guarded():
    pass

guarded_handler = Handler.get(guarded)
guarded_handler.register_flags(['watched'])
guarded_handler.add_predicate(lambda: is_flag_set('yes'))

@when('a')
@when_file_changed(lambda: 'metadata.yaml')
def watching():
    pass
`,
  'reactive/broken.py': 'import sys\n\nraise ValueError("two\\nlines")\n',
  'reactive/leaving.py': 'import sys\nsys.exit(0)\n',
  'reactive/relations/mysql/requires.py': `from charms.reactive import Endpoint, when

class MySQL(Endpoint):
    @when('endpoint.{endpoint_name}.joined')
    def joined(self):
        pass
`,
}

async function start() {
  const session = await startSession({ files: FILES })
  const files = new PythonFiles(session, '', OUTPUT, Object.keys(FILES), new Readers())
  const handlersOf = async (file: string) => (await files.import(file)).handlers
  return { session, files, handlersOf }
}

const find = (handlers: readonly Handler[], name: string) =>
  handlers.find(({ id }) => id === `reactive/app.py:${name}`) as Handler

it('registers decorated functions with what the engine has to know of each', async () => {
  const { session, files, handlersOf } = await start()
  const handlers = await handlersOf('reactive/app.py')
  expect(handlers.map(({ id, line, flags, phases }) => [id, line, flags, [...phases]])).toEqual([
    ['hookenv.atstart', undefined, [], ['start']],
    ['hookenv.atexit', undefined, [], ['exit']],
    ['reactive/app.py:plain', 5, ['a', 'b'], ['other']],
    ['reactive/app.py:plain#2', 9, ['a'], ['other']],
    ['reactive/app.py:ends', 13, [], ['hooks']],
    ['reactive/app.py:fails', 17, [], ['hooks']],
    // What only Python can tell may hold at any time.
    ['reactive/app.py:guarded', 21, ['watched'], ['hooks', 'other']],
    ['reactive/app.py:watching', 28, ['a'], ['other']],
  ])
  // The callbacks of charmhelpers belong to the process, and not to each file.
  expect((await handlersOf('reactive/relations/mysql/requires.py')).map(({ id }) => id)).toEqual([
    'reactive/relations/mysql/requires.py:joined:db',
  ])
  expect(await Promise.all(handlers.slice(0, 2).map(({ isDue }) => isDue?.()))).toEqual([false, false])
  setFlag(session, 'a')
  await files.close()
})

it('tests flags itself, asks Python for the rest, and tells both', async () => {
  const { session, files, handlersOf } = await start()
  const handlers = await handlersOf('reactive/app.py')
  const guarded = find(handlers, 'guarded')
  expect(await guarded.test(session)).toEqual({
    matches: false,
    answers: [{ condition: 'predicate <lambda>', holds: false }],
  })
  setFlag(session, 'yes')
  expect((await guarded.test(session)).matches).toBe(true)
  const watching = find(handlers, 'watching')
  expect((await watching.test(session)).answers).toHaveLength(1)
  setFlag(session, 'a')
  expect(await watching.test(session)).toEqual({
    matches: true,
    answers: [
      { condition: '@when_all a', holds: true },
      { condition: '@when_file_changed metadata.yaml', holds: true },
    ],
  })
  await watching.run(session)
  expect((await watching.test(session)).matches).toBe(false)
  await files.close()
})

it('runs functions, and tells how each of them has ended', async () => {
  const { session, files, handlersOf } = await start()
  const handlers = await handlersOf('reactive/app.py')
  await find(handlers, 'plain').run(session)
  expect(isFlagSet(session, 'plain')).toBe(true)
  await expect(find(handlers, 'plain#2').run(session)).rejects.toMatchObject({
    exitStatus: 1,
    message: "handler reactive/app.py:plain#2 failed with status 1 at reactive/app.py:11: KeyError: 'x'",
  })
  await expect(find(handlers, 'fails').run(session)).rejects.toMatchObject({ exitStatus: 7 })
  await expect(find(handlers, 'ends').run(session)).rejects.toThrow(DispatchEnd)
  await session.log.flush()
  expect(session.logged[0]).toMatch(/^DEBUG Traceback .*\n.*reactive\/app.py", line 11, in plain\n/s)
  await files.close()
})

it('names the line where an import fails, and takes one that leaves with success for the end', async () => {
  const { files, handlersOf } = await start()
  await expect(handlersOf('reactive/broken.py')).rejects.toThrow(
    /^the file cannot be imported: reactive\/broken.py:3: ValueError: two\S* ?lines$/,
  )
  await expect(handlersOf('reactive/leaving.py')).rejects.toThrow(DispatchEnd)
  await files.close()
})
