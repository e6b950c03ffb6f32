import { spawn } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

const RUN = path.resolve(import.meta.dirname, '../../bench/run.mjs')
const ROW = '`bash -c :`'

let dir: string
beforeEach(() => {
  dir = fs.mkdtempSync(path.join(os.tmpdir(), 'charms.reactive-test-'))
})
afterEach(() => {
  vi.unstubAllEnvs()
  fs.rmSync(dir, { recursive: true, force: true })
})

/** Start the suite with a directory of its own for temporary files. */
function start(...words: string[]) {
  const temporary = path.join(dir, 'temporary')
  fs.mkdirSync(temporary, { recursive: true })
  const child = spawn(process.execPath, [RUN, ...words], { env: { ...process.env, TMPDIR: temporary } })
  const ended = new Promise<number | null>((resolve) => child.on('exit', resolve))
  const output = Promise.all([text(child.stdout), text(child.stderr), ended])
  return { child, temporary, output }
}

async function run(...words: string[]) {
  const { temporary, output } = start(...words)
  const [stdout, stderr, status] = await output
  return { stdout, stderr, status, left: fs.readdirSync(temporary) }
}

describe('the benchmark suite', () => {
  it('prints a table, writes samples and a chart, and leaves nothing behind', async () => {
    const [json, chart] = [path.join(dir, 'results.json'), path.join(dir, 'chart.svg')]
    const result = await run('--short', '--only', ROW, '--json', json, '--chart', chart)
    expect(result).toMatchObject({ status: 0, left: [] })
    expect(result.stdout).toMatch(/^\|.*median.*ratio.*\n\|.*\n\| `bash -c :` +\| +[\d.]+ (ms|µs) /)
    const written = JSON.parse(fs.readFileSync(json, 'utf8'))
    expect(written).toMatchObject({ node: process.version, results: [{ name: ROW, rounds: 5 }] })
    expect(written.results[0].value.samples).toHaveLength(5)
    expect(fs.readFileSync(chart, 'utf8')).toMatch(/^<svg.*bash -c :.*<\/svg>\n$/s)
  })

  it('says what is wrong in a line', async () => {
    const result = await run('--only', 'no such row')
    const stderr = 'bench: no row has this in its name: no such row\n'
    expect(result).toEqual({ status: 2, stdout: '', stderr, left: [] })
  })

  it('says that the peers cannot be installed where Python does not make an environment', async () => {
    fs.writeFileSync(path.join(dir, 'python3'), '#!/bin/sh\nexit 1\n', { mode: 0o755 })
    vi.stubEnv('PATH', `${dir}:${process.env.PATH}`)
    const result = await run('--peers')
    expect(result).toMatchObject({ status: 2, left: [] })
    expect(result.stderr).toMatch(/^bench: the peers cannot be installed: /)
  })

  it('leaves nothing behind when it is ended', async () => {
    const { child, temporary, output } = start('--only', 'a')
    // The line of the first row that is done.
    child.stderr.once('data', () => child.kill('SIGTERM'))
    const [, , status] = await output
    expect([status, fs.readdirSync(temporary)]).toEqual([143, []])
  })
})
