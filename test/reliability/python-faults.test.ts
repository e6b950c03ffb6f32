// What goes wrong in Python handlers: one line each, nothing of the hook is kept, nothing is left behind.

import fs from 'node:fs'
import { describe, expect, it } from 'vitest'
import { oneIn } from '../effort.ts'
import { errors, flags, given, startUnit, upgrade } from '../end-to-end/charm.ts'

/** Every run has some of these tests, the full set all. */
const some = oneIn(3)

const HEAD = `import os, signal, sys, threading, time, subprocess
from charms.reactive import *
from charms.reactive.bus import Handler
set_flag('lost')
`

interface Fault {
  text: string
  status: number
  line: RegExp
}

const FAULTS: Record<string, Fault> = {
  'a predicate that raises': {
    text: `def handler(): pass
def predicate(): raise KeyError('gone')
Handler.get(handler).add_predicate(predicate)
`,
    status: 1,
    line: /^handler reactive\/app.py:handler failed with status 1 at reactive\/app.py:6: KeyError: 'gone'$/,
  },
  'a process that is killed in a predicate': {
    text: `def handler(): pass
Handler.get(handler).add_predicate(lambda: os.kill(os.getpid(), 9))
`,
    status: 137,
    line: /^handler reactive\/app.py:handler failed with status 137 at reactive\/app.py:5: .*it was killed by SIGKILL$/,
  },
  'the callback of a trigger that raises': {
    text: `def callback(): raise RuntimeError('no')
register_trigger(when='a', callback=callback)
@hook('install')
def handler(): set_flag('a')
`,
    status: 1,
    line: /^handler reactive\/app.py:handler failed with status 1 at reactive\/app.py:5: RuntimeError: no$/,
  },
  'a process that ends in an import': {
    text: 'os._exit(0)\n',
    status: 3,
    line: /^the Python process is gone: it ended with status 0$/,
  },
  'an import that leaves with a status': {
    text: 'sys.exit(4)\n',
    status: 3,
    line: /^the file cannot be imported: reactive\/app.py:5: SystemExit: 4$/,
  },
  'a child that fails': {
    text: `@hook('install')
def handler(): subprocess.check_call(['false'])
`,
    status: 1,
    line: /^handler reactive\/app.py:handler failed with status 1 at reactive\/app.py:6: CalledProcessError: .*$/,
  },
  'a flag without a name': {
    text: `@hook('install')
def handler(): set_flag('')
`,
    status: 1,
    line: /^handler reactive\/app.py:handler failed with status 1 at reactive\/app.py:6: ValueError: a flag needs a name: ""$/,
  },
  'a flag of a decorator without a name': {
    text: `@when('')
def handler(): pass
`,
    status: 2,
    line: /a flag needs a name/,
  },
  'data that is no JSON': {
    text: `@hook('install')
def handler(): data_changed('x', {1, 2})
`,
    status: 1,
    line: /TypeError: Object of type set is not JSON serializable$/,
  },
  'two classes in an interface layer': {
    text: '',
    status: 3,
    line: /^the file cannot be imported: .*RuntimeError: Too many RelationFactory found in reactive.relations.mysql.requires: A, B$/,
  },
}

const TWO = 'from charms.reactive import Endpoint\nclass A(Endpoint): pass\nclass B(Endpoint): pass\n'

describe('Python code', () => {
  it.each(Object.entries(FAULTS))('%s fails the hook in one line', async (name, { text, status, line }) => {
    const unit = await startUnit({
      'metadata.yaml': 'name: app\nrequires: {db: {interface: mysql}}\n',
      'reactive/app.py': HEAD + text,
      ...(name.startsWith('two') && { 'reactive/relations/mysql/requires.py': TWO }),
    })
    const result = await unit.run({ name: 'install' })
    expect(result.exitStatus).toBe(status)
    expect(errors(result)).toEqual([expect.stringMatching(line)])
    expect(result.stderr).toBe('')
    expect(flags(unit)).toEqual([])
  })

  some('may print much, raise in a finalizer, and use flags there and in a signal', async () => {
    const unit = await startUnit({
      'reactive/app.py': `${HEAD}
for _ in range(100):
    print('x' * 10000)

class Noisy:
    def __del__(self):
        set_flag('by-finalizer')
        raise ValueError('in a finalizer')

@hook('install')
def handler():
    signal.signal(signal.SIGALRM, lambda *_: set_flag('by-signal'))
    signal.setitimer(signal.ITIMER_REAL, 0.01, 0.1)
    for number in range(300):
        Noisy()
        set_flag('flag-%d' % (number % 10))
    signal.setitimer(signal.ITIMER_REAL, 0)
`,
    })
    const result = await unit.run({ name: 'install' })
    expect(result.exitStatus).toBe(0)
    expect(flags(unit)).toEqual(expect.arrayContaining(['by-finalizer', 'by-signal', 'flag-9', 'lost']))
  })

  some(
    'counts to the very end of its process: threads, callbacks of atexit, finalizers of modules',
    async () => {
      const unit = await startUnit({
        'reactive/app.py': `${HEAD}
import atexit

class Kept:
    owner = os.getpid()

    def __del__(self, getpid=os.getpid, set_flag=set_flag, print=print):
        if getpid() == self.owner:
            set_flag('by-finalizer')
            print('the last line')

kept = Kept()

@atexit.register
def fork():
    # The child goes on to the end of the interpreter, too, and is there first.
    if os.fork() != 0:
        time.sleep(0.3)
        set_flag('by-atexit')

def later():
    time.sleep(0.1)
    set_flag('by-thread')

threading.Thread(target=later).start()
`,
      })
      const result = await unit.run({ name: 'install' })
      expect(result).toMatchObject({ exitStatus: 0, stderr: '' })
      expect(result.stdout).toContain('the last line\n')
      expect(flags(unit)).toEqual(['by-atexit', 'by-finalizer', 'by-thread', 'lost'])
    },
  )

  some('may leave a child behind, which outlives the hook and harms nobody', async () => {
    const unit = await startUnit({
      'reactive/app.py': `${HEAD}
@hook('install')
def handler():
    subprocess.Popen(['sh', '-c', 'sleep 2; charms.reactive set_flag late; echo $? >ended'], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
`,
    })
    const result = await unit.run({ name: 'install' })
    expect(result).toMatchObject({ exitStatus: 0, stderr: '' })
    expect(flags(unit)).toEqual(['lost'])
    const file = `${unit.charmDir}/ended`
    await expect
      .poll(() => fs.existsSync(file) && fs.readFileSync(file, 'utf8'), { timeout: 20_000 })
      .toBe('3\n')
    expect(flags(unit)).toEqual(['lost'])
  })

  some('sees nothing of a file that was upgraded since, and its process ends with the engine', async () => {
    const unit = await startUnit({
      'reactive/app.py': `${HEAD}
@when('kill')
def handler():
    open('pid', 'w').write(str(os.getpid()))
    engine = int(os.environ['CHARMS_REACTIVE_CHANNEL'].split('/')[2])
    os.kill(engine, 9)
    while True:
        is_flag_set('x')
`,
    })
    await unit.run({ name: 'install' })
    given(unit, 'kill')
    expect((await unit.run({ name: 'update-status' })).exitStatus).not.toBe(0)
    const pid = fs.readFileSync(`${unit.charmDir}/pid`, 'utf8')
    await expect.poll(() => fs.existsSync(`/proc/${pid}/fd/3`), { timeout: 10_000 }).toBe(false)
    upgrade(unit, { 'reactive/app.py': `${HEAD}set_flag('upgraded')\n` })
    await unit.run({ name: 'upgrade-charm' })
    expect(flags(unit)).toContain('upgraded')
  })
})
