// A relation with 80 remote units, where each call of a hook tool takes 10 ms: what the first hook costs,
// and what later ones do.

import { expect, it } from 'vitest'
import { compile, lines, pathWith, startUnit } from './charm.ts'

const COUNT = 80
const METADATA = 'name: app\nrequires: {db: {interface: mysql}, web: {interface: http}}\n'

/** Takes its time and hardly any of the processor's, writes down that it was called, and answers. */
const RELATION_GET = `
#include <fcntl.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>
int main(int count, char **words) {
  struct timespec delay = {0, 10 * 1000 * 1000};
  char line[256];
  int length = snprintf(line, sizeof line, "%s\\n", words[2]);
  int calls = open("calls", O_WRONLY | O_CREAT | O_APPEND, 0644);
  if (count < 3 || write(calls, line, length) != length) return 1;
  nanosleep(&delay, NULL);
  puts("{\\"host\\": \\"10.0.0.1\\"}");
}`

/** Reads the same data by calls one after another, and tells how long that took. */
const ONE_BY_ONE = `
import { endpointFromName, hook, hookTools } from 'charms.reactive'
hook('start', async function reads() {
  const begun = performance.now()
  for (let unit = 0; unit < ${COUNT}; unit += 1) await hookTools.relationGet('db:1', 'mysql/' + unit)
  console.log(performance.now() - begun)
})
hook('update-status', function counts() {
  console.log(endpointFromName('db').allJoinedUnits.length)
})`

it('80 units are read once, in the first hook, and many at a time', {
  timeout: 120_000,
  retry: 2,
}, async () => {
  const units = Array.from({ length: COUNT }, (_, number) => `mysql/${number}`)
  const relations = [
    { id: 'db:1', remoteApp: 'mysql', remoteUnits: Object.fromEntries(units.map((unit) => [unit, {}])) },
    { id: 'web:2', remoteApp: 'proxy', remoteUnits: { 'proxy/0': {} } },
  ]
  const files = {
    'metadata.yaml': METADATA,
    'reactive/app.mjs': ONE_BY_ONE,
    'slow/relation-get': compile(RELATION_GET),
  }
  const unit = await startUnit(files, { toolDelayMs: 10, state: { relations } })
  const env = { PATH: await pathWith(unit, 'slow') }
  let before = 0
  /** Run the hook, and count the databags of each relation that it reads. */
  const run = async (name: string) => {
    const { exitStatus, stderr, stdout, durationMs } = await unit.run({ name, env })
    expect({ exitStatus, stderr }).toEqual({ exitStatus: 0, stderr: '' })
    const calls = lines(unit, 'calls').slice(before)
    before += calls.length
    const [db, web] = ['db:1', 'web:2'].map((id) => calls.filter((relation) => relation === id).length)
    return { db, web, stdout, durationMs }
  }
  // Units, and the applications.
  const first = await run('install')
  expect(first).toMatchObject({ db: COUNT + 1, web: 2 })
  const later = await run('update-status')
  expect(later).toMatchObject({ db: 0, web: 0, stdout: `${COUNT}\n` })
  expect(await run('web-relation-changed')).toMatchObject({ db: 0, web: 2 })
  const { stdout } = await run('start')
  const again = await run('db-relation-changed')
  expect(again).toMatchObject({ db: COUNT + 1, web: 0 })
  const oneByOne = Number(stdout)
  expect(oneByOne).toBeGreaterThan(COUNT * 10)
  const manyAtOnce = Math.min(first.durationMs, again.durationMs) - later.durationMs
  // Four times as fast at least where two processors have nothing else to do. Where they have, both ways wait
  // for them most of the time, and little can be told.
  const isBusy = oneByOne > COUNT * 16
  expect(oneByOne / manyAtOnce).toBeGreaterThan(isBusy ? 1 : 3)
})
