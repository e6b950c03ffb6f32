// `charms.reactive test-kit CHARM`: the process behind the bash library, one for each test. It holds the
// simulated unit and answers over a channel, so that no function of the kit starts a process. It ends with
// the shell that started it, whatever becomes of that, and leaves nothing behind.

import fs from 'node:fs'
import path from 'node:path'
import { messageOf, UsageError } from '../../errors.ts'
import { type Channel, openChannel, type Reply } from '../../system/channel.ts'
import { statOfProcess } from '../../system/processes.ts'
import { KIT_FUNCTIONS } from '../consistency/vocabulary.ts'
import { type SimulatedUnit, simulateUnit } from '../unit.ts'
import { reportName, writeUnitReport } from '../unit-report.ts'
import { TestKit } from './kit.ts'
import { callKitFunction, verify } from './kit-functions.ts'
import { one, parseWords } from './words.ts'

const USAGE = 'charm_new DIR [--unit UNIT] [--juju-version VERSION]'
/** How soon the end of the shell is noticed. */
const WATCH_MS = 100

/** Serve the shell with the number `--owner`. Resolves when that has ended, or said so. */
export async function serveTestKit(line: readonly string[]): Promise<Reply> {
  const { charm, owner, state } = readWords(line)
  // Ctrl-C goes to everybody at the terminal; the shell decides what becomes of the test.
  process.on('SIGINT', () => undefined)
  const unit = await simulateUnit(charm, { state, words: KIT_FUNCTIONS })
  await new Promise<void>((resolve) => {
    process.on('SIGTERM', () => resolve())
    watch(owner, resolve)
    const { path: channel } = openKit(unit, charm, resolve)
    fs.writeSync(1, [channel, unit.charmDir, unit.root, unit.isolation.problem, ''].join('\n'))
  })
  await unit.close()
  return { status: 0 }
}

function readWords(line: readonly string[]) {
  const { words, options } = parseWords(line, { owner: 'word', unit: 'word', 'juju-version': 'word' })
  const [charm, ...more] = words
  if (charm === undefined || more.length > 0) throw new UsageError(`the usage is: ${USAGE}`)
  const [unit, jujuVersion] = [one(options, 'unit'), one(options, 'juju-version')]
  if (unit !== undefined && !/^[a-z][a-z0-9-]*\/\d+$/.test(unit)) {
    throw new UsageError(`--unit takes the name of a unit: ${unit}`)
  }
  const state = { ...(unit !== undefined && { unit }), ...(jujuVersion !== undefined && { jujuVersion }) }
  return { charm: path.resolve(charm), owner: one(options, 'owner') ?? String(process.ppid), state }
}

/** Answer the functions of the bash library. */
function openKit(unit: SimulatedUnit, charm: string, end: () => void): Channel {
  const kit = new TestKit(unit)
  const close = async (): Promise<Reply> => {
    await unit.close()
    // The answer goes first.
    setImmediate(end)
    return { status: 0 }
  }
  return openChannel((request) => {
    if (request[0] === '_verify') return verify(kit)
    if (request[0] === '_report') return report(unit, charm, request)
    return request[0] === '_end' ? close() : callKitFunction(kit, request)
  })
}

/** Write the page of a test that has failed: the directory, the file of the test, its title. */
async function report(
  unit: SimulatedUnit,
  charm: string,
  [, dir = '', suite = '', title = '']: string[],
): Promise<Reply> {
  try {
    const file = path.join(dir, reportName(suite, title))
    await writeUnitReport(unit, charm, file)
    return { status: 0, stdout: `report: ${file}\n` }
  } catch (error) {
    return { status: 1, stderr: `${messageOf(error)}\n` }
  }
}

/** Call `end` when the process is gone; its number may soon belong to another one. */
function watch(pid: string, end: () => void): void {
  const first = startOf(pid)
  const timer = setInterval(() => {
    if (startOf(pid) !== undefined && startOf(pid) === first) return
    clearInterval(timer)
    end()
  }, WATCH_MS)
}

/** When a process was started; undefined when it has ended. */
function startOf(pid: string): string | undefined {
  const stat = statOfProcess(pid)
  return stat?.state === 'Z' ? undefined : stat?.started
}
