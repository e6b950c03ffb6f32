import { describe, expect, it } from 'vitest'
import { bash, flags, lines, logged, ran, remarks, startUnit, traces, upgrade } from './charm.ts'

describe('Python handlers', () => {
  it('run in one loop with handlers in other languages', async () => {
    const unit = await startUnit({
      'reactive/a.py': `from charms.reactive import hook, when, set_flag, clear_flag, when_not

@hook('install')
def first():
    set_flag('by-python')

@when('by-javascript')
def last():
    set_flag('done')

@when_not('never')
def counted():
    with open('seen', 'a') as seen:
        print('counted', file=seen)
`,
      'reactive/b.sh': bash('@when by-python\nfunction second() { set_flag by-bash; }'),
      'reactive/c.mjs': `import { when, setFlag } from 'charms.reactive'
when('by-bash', function third() { setFlag('by-javascript') })
`,
    })
    const result = await unit.run({ name: 'install' })
    expect(remarks(result)).toEqual([])
    expect(result).toMatchObject({ exitStatus: 0, stderr: '', stdout: '' })
    expect(ran(result)).toEqual([
      'reactive/a.py:first',
      'reactive/a.py:counted',
      'reactive/b.sh:second',
      'reactive/c.mjs:third',
      'reactive/a.py:last',
    ])
    expect(flags(unit)).toEqual(['by-bash', 'by-javascript', 'by-python', 'done'])
    expect(lines(unit, 'seen')).toEqual(['counted'])
    expect((await traces(unit))[0]?.iterations[0]?.ran[0]).toMatchObject({
      handler: 'reactive/a.py:first',
      changes: [{ flag: 'by-python', set: true }],
    })
  })
})

describe('The Python process', () => {
  it('is started beside the engine, but not where something may come before it', async () => {
    const unit = await startUnit({
      'reactive/deep/er/app.py': `from charms.reactive import when_not

@when_not('never')
def tell():
    with open('/proc/self/cmdline') as file, open('seen', 'a') as seen:
        print(len(file.read().split('\\0')) - 3, file=seen)
`,
    })
    const hook = { name: 'update-status' }
    expect(await unit.run(hook)).toMatchObject({ exitStatus: 0, stderr: '' })
    expect(await unit.run({ ...hook, env: { PYTHONPATH: '/a:/b' } })).toMatchObject({ exitStatus: 0 })
    upgrade(unit, { 'exec.d/a/charm-pre-install': '#!/bin/sh\n' })
    expect(await unit.run(hook)).toMatchObject({ exitStatus: 0 })
    // The descriptors of four pipes.
    expect(lines(unit, 'seen')).toEqual(['4', '4', '0'])
  })
})

describe('A failure of a Python handler', () => {
  it('names the handler, the line of the charm and the error; the traceback is in the log at DEBUG', async () => {
    const unit = await startUnit({
      'lib/helper.py': 'def fail():\n    raise ValueError("boom")\n',
      'reactive/app.py': `from charms.reactive import hook, set_flag
import helper

@hook('install')
def configure():
    set_flag('lost')
    helper.fail()

@hook('start')
def leaves():
    raise SystemExit(7)

@hook('stop')
def leaves_with_text():
    raise SystemExit('no disk')
`,
    })
    const result = await unit.run({ name: 'install' })
    expect(result.exitStatus).toBe(1)
    expect(logged(result)).toContain(
      'ERROR handler reactive/app.py:configure failed with status 1 at lib/helper.py:2: ValueError: boom',
    )
    expect(logged(result).join('\n')).toMatch(/^DEBUG Traceback.*lib\/helper.py.*boom/ms)
    expect(flags(unit)).toEqual([])
    expect((await unit.run({ name: 'start' })).exitStatus).toBe(7)
    const stopped = await unit.run({ name: 'stop' })
    expect(stopped.exitStatus).toBe(1)
    expect(stopped.stderr).toContain('no disk\n')
  })

  it('also where it is in an import, with file and line', async () => {
    const unit = await startUnit({
      'reactive/app.py': 'import os\nimport nowhere\n',
      'reactive/broken.py': 'def f(:\n',
    })
    expect(logged(await unit.run({ name: 'install' }))).toContain(
      "ERROR the file cannot be imported: reactive/app.py:2: ModuleNotFoundError: No module named 'nowhere'",
    )
    upgrade(unit, { 'reactive/app.py': '' })
    const result = await unit.run({ name: 'install' })
    expect(result.exitStatus).toBe(3)
    expect(logged(result)).toContainEqual(
      expect.stringMatching(/^ERROR .*reactive\/broken.py:1: SyntaxError/),
    )
  })
})

describe('A Python handler', () => {
  it("runs under the hook's name in the charm dir, and what it changes in the environment reaches later handlers", async () => {
    const unit = await startUnit({
      'reactive/a.py': `import os, subprocess, sys
from charms.reactive import hook, set_flag, is_flag_set, get_flags, toggle_flag, get_unset_flags

@hook('install')
def first():
    assert sys.argv == ['hooks/install'], sys.argv
    assert os.getcwd() == os.environ['CHARM_DIR'] == os.environ['JUJU_CHARM_DIR']
    assert sys.stdin.read() == ''
    os.environ['PATH'] = os.environ['PATH'] + ':/snap/bin'
    os.environ['PROXY'] = 'http://proxy'
    os.environ.pop('DROPPED')
    print('printed')
    set_flag('a')
    subprocess.check_call(['charms.reactive', 'set_flag', 'by-child'])
    subprocess.check_call(['cat'], stdin=subprocess.DEVNULL)
    assert is_flag_set('by-child')
    toggle_flag('b', True); toggle_flag('a', False)
    assert get_flags() == ['b', 'by-child'], get_flags()
    assert get_unset_flags('b', 'd', 'c') == ['c', 'd']
`,
      'reactive/b.sh': bash(
        '@hook install\nfunction second() { echo "${PATH##*:} $PROXY ${DROPPED-gone}" >>seen; }',
      ),
    })
    const result = await unit.run({ name: 'install', env: { DROPPED: 'x' } })
    expect(result).toMatchObject({ exitStatus: 0, stdout: 'printed\n' })
    expect(lines(unit, 'seen')).toEqual(['/snap/bin http://proxy gone'])
    expect(flags(unit)).toEqual(['b', 'by-child'])
  })

  it('ends the dispatch with success by SystemExit(0): later handlers are skipped, what changed counts', async () => {
    const unit = await startUnit({
      'reactive/a.py': `import sys
from charms.reactive import when_not, set_flag

@when_not('a')
def first():
    set_flag('a')
    sys.exit(0)

@when_not('b')
def second():
    set_flag('b')
`,
    })
    const result = await unit.run({ name: 'install' })
    expect(result).toMatchObject({ exitStatus: 0, stderr: '' })
    expect(flags(unit)).toEqual(['a'])
    await unit.run({ name: 'update-status' })
    expect(flags(unit)).toEqual(['a', 'b'])
  })

  it('may fork, start threads and children that use the flags, and come back', async () => {
    const unit = await startUnit({
      'reactive/a.py': `import os, subprocess, sys, threading
from charms.reactive import hook, set_flag, is_flag_set, register_trigger

@hook('install')
def forks():
    pid = os.fork()
    if pid == 0:
        set_flag('by-fork' + 'x' * 3000)
        os._exit(0)
    assert os.waitpid(pid, 0)[1] == 0
    threads = [threading.Thread(target=lambda n=n: set_flag('thread-%d' % n)) for n in range(5)]
    for thread in threads: thread.start()
    for n in range(50): set_flag('main-%d' % n)
    for thread in threads: thread.join()
    subprocess.check_call([sys.executable, '-c', 'from charms.reactive import set_flag; set_flag("by-python-child")'])
    if os.fork() == 0:
        return
    os.wait()
`,
    })
    const result = await unit.run({ name: 'install' })
    expect(result).toMatchObject({ exitStatus: 0, stderr: '' })
    const set = flags(unit)
    expect(set.filter((flag) => !flag.startsWith('main-')).map((flag) => flag.slice(0, 20))).toEqual([
      'by-forkxxxxxxxxxxxxx',
      'by-python-child',
      'thread-0',
      'thread-1',
      'thread-2',
      'thread-3',
      'thread-4',
    ])
    expect(set.filter((flag) => flag.startsWith('main-'))).toHaveLength(50)
  })

  it('that ends the process fails the hook, whatever status it ends with', async () => {
    const unit = await startUnit({
      'reactive/a.py': `import os, signal
from charms.reactive import hook, set_flag

@hook('install')
def exits():
    set_flag('lost')
    os._exit(0)

@hook('start')
def dies():
    os.kill(os.getpid(), signal.SIGKILL)
`,
    })
    const result = await unit.run({ name: 'install' })
    expect(result).toMatchObject({ exitStatus: 1, stderr: '' })
    expect(logged(result)).toContain(
      'ERROR handler reactive/a.py:exits failed with status 1 at reactive/a.py:4: the Python process is gone: it ended with status 0',
    )
    expect(flags(unit)).toEqual([])
    const killed = await unit.run({ name: 'start' })
    expect(killed.exitStatus).toBe(137)
    expect(logged(killed)).toContainEqual(expect.stringMatching(/^ERROR .*it was killed by SIGKILL/))
  })
})

describe('The conditions of Python handlers', () => {
  it('stack on one handler, also where a file decorates a function again and again', async () => {
    const unit = await startUnit({
      'reactive/a.py': `from charms.reactive import when, when_not, when_any, when_not_all, set_flag, not_unless, only_once, hook
from charms.reactive.bus import Handler
from charms.reactive.decorators import when_none
import functools

def note(name):
    with open('seen', 'a') as seen:
        print(name, file=seen)

def looped():
    note('looped')
for flag in ('p', 'q'):
    when_not(flag)(looped)

def logging(function):
    @functools.wraps(function)
    def wrapper(*args):
        return function(*args)
    return wrapper

@when('a')
@logging
def one():
    note('one')

@when('a')
@logging
def two():
    note('two')

@only_once
@when('a')
def once():
    note('once')

@only_once()
def once_too():
    note('once_too')

@when('a')
@not_unless('z', 'b', 'y')
@when_any('b', 'y')
def guarded():
    note('guarded')

@when_not_all('a', 'nope')
@when_none('nope')
def negative():
    note('negative')

@hook('install')
def begin():
    set_flag('a'); set_flag('b')

def custom():
    note('custom')
Handler.get(custom).add_predicate(lambda: 'hooks' == __import__('charms.reactive.helpers', fromlist=['x']).ask('phase'))
`,
    })
    const result = await unit.run({ name: 'install' })
    expect(result).toMatchObject({ exitStatus: 0, stderr: '' })
    expect(lines(unit, 'seen').sort()).toEqual(
      ['custom', 'guarded', 'looped', 'negative', 'once', 'once_too', 'one', 'two'].sort(),
    )
    expect(remarks(result)).toEqual(['WARNING reactive/a.py:40:guarded called before flags: z, y'])
    await unit.run({ name: 'update-status' })
    expect(lines(unit, 'seen').filter((line) => line.startsWith('once'))).toHaveLength(2)
  })

  it('watch files by name, and by what a function names', async () => {
    const unit = await startUnit({
      'one.conf': 'a\n',
      'two.conf': 'a\n',
      'reactive/a.py': `from charms.reactive import when_file_changed, when

@when_file_changed('one.conf')
def by_name():
    with open('seen', 'a') as seen:
        print('by_name', file=seen)

@when_file_changed(lambda: 'two.conf', hash_type='sha1')
def by_function():
    with open('seen', 'a') as seen:
        print('by_function', file=seen)
`,
    })
    await unit.run({ name: 'install' })
    await unit.run({ name: 'update-status' })
    expect(lines(unit, 'seen')).toEqual(['by_name', 'by_function'])
    upgrade(unit, { 'two.conf': 'b\n' })
    await unit.run({ name: 'update-status' })
    expect(lines(unit, 'seen')).toEqual(['by_name', 'by_function', 'by_function'])
  })

  it('hold in restricted hooks and in actions', async () => {
    const unit = await startUnit({
      dispatch: '#!/bin/sh\nexec charms.reactive main\n',
      'actions.yaml': 'backup: {}\n',
      'actions/backup': `#!/usr/bin/env python3
from charms.reactive import set_flag, main
set_flag('asked')
main()
print('done')
`,
      'reactive/a.py': `from charms.reactive import collect_metrics, meter_status_changed, when

@collect_metrics()
def metrics():
    print('metrics')

@meter_status_changed()
def meter():
    print('meter')

@when('asked')
def backs_up():
    print('backs_up')
`,
    })
    expect((await unit.run({ name: 'collect-metrics' })).stdout).toBe('metrics\n')
    expect((await unit.run({ name: 'meter-status-changed' })).stdout).toBe('meter\n')
    const result = await unit.run({ name: 'backup', action: { name: 'backup' } })
    expect(result.stdout).toBe('backs_up\ndone\n')
  })
})

describe('Triggers in Python', () => {
  it('call back whoever changes the flag, at once where Python does', async () => {
    const unit = await startUnit({
      'reactive/a.py': `from charms.reactive import hook, set_flag, clear_flag, register_trigger, is_flag_set
import subprocess

seen = []
register_trigger(when='a', callback=lambda: seen.append('a'))
register_trigger(when_not='a', callback=lambda: (seen.append('not a'), set_flag('from-callback')))
register_trigger(when='x', callback=lambda: set_flag('x-seen'))
register_trigger(when='bash', callback=lambda: set_flag('bash-seen'))
register_trigger(when='child', callback=lambda: set_flag('child-seen'))
register_trigger(when='a', set_flag='c', clear_flag='d')

@hook('install')
def first():
    set_flag('d')
    set_flag('a')
    assert seen == ['a'], seen
    set_flag('a')
    clear_flag('a')
    assert seen == ['a', 'not a'], seen
    assert is_flag_set('from-callback') and is_flag_set('c') and not is_flag_set('d')
    subprocess.check_call(['set_flag', 'child'])
    assert is_flag_set('child-seen')
`,
      'reactive/b.sh': bash('@hook install\nfunction second() { set_flag bash; is_flag_set bash; }'),
      'reactive/c.mjs': `import { hook, setFlag } from 'charms.reactive'
hook('install', function third() { setFlag('x') })
`,
    })
    const result = await unit.run({ name: 'install' })
    expect(result).toMatchObject({ exitStatus: 0, stderr: '' })
    expect(flags(unit)).toEqual([
      'bash',
      'bash-seen',
      'c',
      'child',
      'child-seen',
      'from-callback',
      'x',
      'x-seen',
    ])
  })
})
