import { expect, it } from 'vitest'
import { conceal, endRecord } from '../../src/dispatch/kept-record.ts'
import { Tracer } from '../../src/dispatch/trace.ts'
import { HookToolError, ReactiveError } from '../../src/errors.ts'
import { startSession } from '../test-unit.ts'

it('conceals values of options, secrets and variables, the longest first', () => {
  const config = {
    port: 80,
    host: 'db.example',
    key: '-----BEGIN\nabcdef\n',
    on: true,
    proxy: 'db.example:3128',
  }
  const concealed = new Map<unknown, string>([['s3cret', 'secret']])
  const told = conceal('db.example:3128 db.example 80 true abcdef s3cret', { config, concealed })
  expect(told).toBe('[option proxy] [option host] 80 true [option key] [secret]')
})

it('conceals what the failed hook tool was given', async () => {
  const session = await startSession()
  const tracer = new Tracer('install', 'app/0')
  tracer.iteration('other', 0)
  const cause = new HookToolError('leader-set', ['password=hunter22', '--format=json'], 1, 'no hunter22 here')
  const error = new ReactiveError(`it failed: ${cause.message}`, { cause })
  await expect(tracer.runs('f', () => Promise.reject(error))).rejects.toThrow('hunter22')
  const kept = await endRecord(session, tracer, error)
  expect(JSON.stringify(kept)).not.toContain('hunter22')
  expect(kept?.row.error).toBe(
    'it failed: leader-set password=[value of password] --format=json failed with status 1: no [value of password] here',
  )
})

it('keeps as many records as the charm says, and none where it says so', async () => {
  const kept = async (option: string) => {
    const session = await startSession({ files: { 'layer.yaml': `options: {reactive: {${option}}}\n` } })
    return (await endRecord(session, new Tracer('install', 'app/0')))?.keep
  }
  expect(await kept('kept_traces: 50')).toBe(50)
  expect(await kept('kept_traces: 0')).toBeUndefined()
  expect(await kept('kept_traces: many')).toBe(20)
})

it('writes the record into the log where the charm says so, in messages that Juju takes', async () => {
  const session = await startSession({ files: { 'layer.yaml': 'options: {reactive: {trace: log}}\n' } })
  const tracer = new Tracer('install', 'app/0')
  tracer.iteration('other', 0)
  for (let n = 0; n < 500; n++) {
    tracer.tested(`reactive/app.sh:f${n}`, {
      matches: false,
      answers: [{ condition: '@when x', holds: false }],
    })
  }
  await endRecord(session, tracer)
  await session.log.flush()
  expect(session.logged).toHaveLength(2)
  expect(session.logged[0]).toMatch(/^DEBUG trace: \S+ app\/0 install: status 0/)
  expect(session.logged.join('\n').match(/@when x no/g)).toHaveLength(500)
  for (const message of session.logged) expect(message.length).toBeLessThan(30_000)
})
