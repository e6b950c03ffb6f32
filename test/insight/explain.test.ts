import fs from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import type { Explanation } from '../../src/insight/explain.ts'
import type { SimulatedUnit } from '../../src/simulator/unit.ts'
import { bash, startUnit } from '../end-to-end/charm.ts'

async function explain(unit: SimulatedUnit, ...words: string[]): Promise<string> {
  const { stdout, stderr } = await unit.command(['charms.reactive', 'explain', ...words])
  return stdout + stderr
}

const CHARM = {
  'metadata.yaml': 'name: app\nsummary: A\ndescription: B\n',
  'reactive/app.sh': bash(`
@when app.one
one() {
  charms.reactive explain two >"$CHARM_DIR/explained"
  set_flag app.four
  charms.reactive explain one three app.four >"$CHARM_DIR/others"; charms.reactive explain >"$CHARM_DIR/hook"
}
@when app.one app.two
two() { :; }
@when_not app.three
three() { set_flag app.two; }
register_trigger --when app.two --clear_flag app.two
`),
}

it('explains the same outside of a hook and in one, what waits, and names nearby', async () => {
  const unit = await startUnit(CHARM)
  expect(await explain(unit)).toMatch(
    /^reactive\/app\.sh:two: it does not run: app\.one is not set, and nothing/m,
  )
  await unit.command(['charms.reactive', 'set_flag', 'app.one'])
  await unit.run({ name: 'install' })
  const first = (text: string) => text.split('\n')[0]
  const inHook = fs.readFileSync(path.join(unit.charmDir, 'explained'), 'utf8')
  expect(first(inHook)).toMatch(/^reactive\/app\.sh:two: it does not run: app\.two is not set/)
  expect(inHook).toContain(
    'this hook: install: it has not run so far: @when app.one app.two (app.two was not set)',
  )
  expect(inHook).not.toContain('last hook:')
  const read = (name: string) => fs.readFileSync(path.join(unit.charmDir, name), 'utf8')
  expect(read('others').match(/this hook: .*|app\.four is set .*/g)).toEqual([
    'this hook: install: it runs now',
    'this hook: install: it runs next',
    'app.four is set since install, by reactive/app.sh:one',
  ])
  expect(first(read('hook'))).toBe('this hook, install: runs reactive/app.sh:one; next reactive/app.sh:three')
  const outside = await explain(unit, 'two')
  expect(outside).toMatch(
    /app\.two is not set\n.*was cleared in install, by a trigger, since app\.two was set by reactive\/app\.sh:three/,
  )
  expect(outside).toMatch(/set: reactive\/app\.sh:three sets it at reactive\/app\.sh:\d+/)
  expect(outside).toMatch(/cleared: a trigger clears it when app\.two is set/)
  expect(outside).toMatch(
    /last hook: install: it did not run: @when app\.one app\.two \(app\.two was not set\)/,
  )
  expect(await explain(unit, 'app.tow')).toMatch(/no such handler or flag: app\.tow: did you mean app\.two\?/)
  expect(await explain(unit, 'app.one')).toMatch(/app\.one is set since the command set_flag, by hand/)
  const [json] = JSON.parse(await explain(unit, 'app.two', '--format', 'json')) as Explanation[]
  expect(json).toMatchObject({
    kind: 'flag',
    flag: 'app.two',
    isSet: false,
    waitedForBy: ['reactive/app.sh:two'],
  })
})
