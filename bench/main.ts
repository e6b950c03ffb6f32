// The suite: measures the rows that the command line asks for, and brings the results where they go.

import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import { drawChart } from './chart.ts'
import { measureRow, type Result } from './measure.ts'
import { type Options, readOptions, USAGE } from './options.ts'
import { regressions, table } from './report.ts'
import { subjects } from './subjects.ts'
import { engineOf, peersOf } from './toolkits.ts'
import { Workspace } from './workspace.ts'

/** Run the suite in a directory of its own; gives the exit status. */
export async function main(words: string[], { root, dir }: { root: string; dir: string }): Promise<number> {
  try {
    const options = readOptions(words)
    if (options.help) return print(USAGE)
    const results = await measure(new Workspace(root, dir), options)
    print(`${table(results)}\n`)
    await write(results, options)
    const lines = options.check ? regressions(results) : []
    for (const line of lines) process.stderr.write(`${line}\n`)
    return lines.length === 0 ? 0 : 1
  } catch (error) {
    process.stderr.write(`bench: ${error instanceof Error ? error.message : error}\n`)
    return 2
  }
}

async function measure(workspace: Workspace, options: Options): Promise<Result[]> {
  const { peers, only, short, check } = options
  const { original, ops } = peers ? peersOf(workspace) : {}
  const all = subjects({ workspace, engine: engineOf(workspace), original, ops })
  const rows = all.filter((row) => row.name.includes(only) && !(short && row.long))
  if (rows.length === 0) throw new Error(`no row has this in its name: ${only}`)
  const results: Result[] = []
  for (const row of rows) {
    const begin = performance.now()
    const result = await measureRow(row, short)
    // A moment in which the machine was busy is no regression.
    const isBad = check && regressions([result]).length > 0
    results.push(isBad ? await measureRow(row, short) : result)
    const seconds = ((performance.now() - begin) / 1000).toFixed(1)
    if (!check) process.stderr.write(`${results.length}/${rows.length} ${row.name} (${seconds} s)\n`)
  }
  return results
}

async function write(results: readonly Result[], { json, chart }: Options): Promise<void> {
  if (json !== undefined) {
    fs.writeFileSync(json, `${JSON.stringify({ ...machine(), results }, undefined, 1)}\n`)
  }
  if (chart !== undefined) fs.writeFileSync(chart, await drawChart(results))
}

/** What figures of another day need to be compared with these. */
function machine(): Record<string, unknown> {
  const bash = execFileSync('bash', ['-c', 'echo "$BASH_VERSION"'], { encoding: 'utf8' }).trim()
  const [cpu] = os.cpus()
  return {
    date: new Date().toISOString(),
    cpus: `${os.cpus().length} × ${cpu?.model ?? ''}`,
    kernel: os.release(),
    node: process.version,
    bash,
  }
}

function print(text: string): number {
  process.stdout.write(text)
  return 0
}
