// Machines on which a hook does what it always does: with a clock that goes backwards, with thousands of handler
// files, with hook tools that take their time.

import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import type { DispatchRecord } from '../../src/dispatch/trace.ts'
import { effort, figure } from '../effort.ts'
import { makeDir, writeFiles } from '../test-unit.ts'
import { bash, LiveUnit } from './live-unit.ts'

/** Shifts what the C library says of the time of day by CLOCK_SHIFT seconds; steady clocks stay. */
const CLOCK = `
#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static long shift(void) {
  const char *text = getenv("CLOCK_SHIFT");
  return text == NULL ? 0 : atol(text);
}

int clock_gettime(clockid_t clock, struct timespec *now) {
  int result = syscall(SYS_clock_gettime, clock, now);
  if (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE) now->tv_sec += shift();
  return result;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
  int result = syscall(SYS_gettimeofday, now, zone);
  now->tv_sec += shift();
  return result;
}

time_t time(time_t *now) {
  struct timespec exact;
  clock_gettime(CLOCK_REALTIME, &exact);
  if (now != NULL) *now = exact.tv_sec;
  return exact.tv_sec;
}
`

function compileClock(): string {
  const dir = makeDir()
  writeFiles(dir, { 'clock.c': CLOCK })
  const library = path.join(dir, 'clock.so')
  execFileSync('cc', ['-shared', '-fPIC', '-o', library, path.join(dir, 'clock.c')])
  return library
}

const YEAR = 365 * 24 * 3600

describe('a clock that goes backwards', () => {
  it('from hook to hook changes nothing but the times that are shown', async () => {
    const unit = new LiveUnit({
      'reactive/app.sh': bash(`
@when_file_changed watched
function watches() { date +%Y >>years; }
@only_once
function once() { echo once >>ran; }
@when_not never
function always() { data_changed id "$(cat value)" && echo changed >>ran || :; }`),
      watched: 'a',
      value: '1',
    })
    const preload = compileClock()
    const hook = (years: number) =>
      unit.hook('update-status', { LD_PRELOAD: preload, CLOCK_SHIFT: String(years * YEAR) }).ended
    expect(await hook(10)).toMatchObject({ status: 0, stderr: '' })
    fs.writeFileSync(unit.file('watched'), 'b')
    expect(await hook(-20)).toMatchObject({ status: 0, stderr: '' })
    fs.writeFileSync(unit.file('value'), '2')
    expect(await hook(0)).toMatchObject({ status: 0, stderr: '' })
    const read = (name: string) => fs.readFileSync(unit.file(name), 'utf8').split('\n').slice(0, -1)
    expect(read('ran')).toEqual(['once', 'changed', 'changed'])
    const years = read('years').map(Number)
    expect(years).toEqual([years[0], Number(years[0]) - 30])
    // The records stay in the order of the hooks.
    const { stdout } = await unit.command('trace', '--last', '3', '--format', 'json')
    const records = JSON.parse(stdout) as DispatchRecord[]
    const started = records.map((record) => new Date(record.started).getFullYear())
    expect(started).toEqual([years[0], years[1], Number(years[0]) - 10])
    for (const { milliseconds } of records) expect(milliseconds).toBeGreaterThan(0)
  })
})

describe('many handler files', () => {
  const count = effort({ sample: 60, full: 5000 })

  it('are all registered, in their order, and run', { timeout: 600_000 }, async () => {
    const name = (number: number) => `h${String(number).padStart(4, '0')}`
    const numbers = Array.from({ length: count }, (_, index) => index)
    const unit = new LiveUnit(
      Object.fromEntries(
        numbers.map((number) => [
          `reactive/${name(number)}.sh`,
          bash(
            `@when ${number % (count / 10) === 0 ? 'go' : 'never'}\nfunction ${name(number)}() { echo "$FUNCNAME" >>ran; }`,
          ),
        ]),
      ),
    )
    await unit.ask('set_flag', 'go')
    const ended = await unit.hook('update-status').ended
    expect(ended).toMatchObject({ status: 0, stderr: '' })
    const ran = fs.readFileSync(unit.file('ran'), 'utf8').split('\n').slice(0, -1)
    expect(ran).toEqual(numbers.filter((number) => number % (count / 10) === 0).map(name))
    figure('handler files of a hook', count)
    figure('its seconds', (ended.milliseconds / 1000).toFixed(1))
    figure('memory of its dispatcher, MiB', Math.round(ended.highWater / 1024))
  })
})

describe('a hook tool', () => {
  it('that takes its time is waited for, and asked once', async () => {
    const unit = new LiveUnit({
      'reactive/app.sh': bash('@when config.set.size\nfunction f() { set_flag "size.$(config_get size)"; }'),
      'config.yaml': 'options:\n  size: {type: int, default: 1}\n',
    })
    writeFiles(unit.dir, {
      'tools/config-get': `#!/bin/bash\necho asked >>"\${0%/*}/../asked"\nsleep 2\necho '{"size": 3}'\n`,
    })
    expect(await unit.hook('update-status').ended).toMatchObject({ status: 0, stderr: '' })
    expect((await unit.state()).flags).toEqual(['size.3'])
    expect(fs.readFileSync(path.join(unit.dir, 'asked'), 'utf8')).toBe('asked\n')
  })

  it.each([
    ['is missing', null, 'failed with status 127: spawn config-get ENOENT'],
    ['is killed', '#!/bin/bash\nkill -9 $$\n', 'failed with status 137: killed by SIGKILL'],
    ['fails', '#!/bin/bash\necho one >&2\necho two >&2\nexit 2\n', 'failed with status 2: one\\ntwo'],
    ['prints half an answer', '#!/bin/bash\nprintf "{"\n', 'answered with something that is not JSON: {'],
  ])('that %s, asked before Node was there, fails the hook as it does later', async (_, tool, reason) => {
    const unit = new LiveUnit({ 'reactive/app.sh': bash('@when x\nfunction f() { :; }') })
    const file = path.join(unit.dir, 'tools/config-get')
    fs.rmSync(file)
    if (tool !== null) writeFiles(unit.dir, { 'tools/config-get': tool })
    const { status, stderr } = await unit.hook('update-status').ended
    expect(status).toBe(3)
    expect(stderr).toBe('')
    expect(unit.errors()).toEqual([expect.stringMatching(/^config-get --all --format=json /)])
    expect(unit.errors()[0]).toContain(reason)
  })
})
