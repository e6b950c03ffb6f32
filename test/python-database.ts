// States as the Python original leaves them, made by Python itself.

import { spawnSync } from 'node:child_process'
import fs from 'node:fs'

/** The tables as charmhelpers makes them; `row` sets one key to a JSON text. */
const START = `
import json, os, signal, sqlite3, sys
connection = sqlite3.connect(sys.argv[1])
for table in ('kv (key text, data text, primary key (key))',
              'kv_revisions (key text, revision integer, data text, primary key (key, revision))',
              'hooks (version integer primary key autoincrement, hook text, date text)'):
    connection.execute('create table if not exists ' + table)
connection.commit()
def row(key, data):
    connection.execute('insert or replace into kv (key, data) values (?, ?)', (key, data))
def killed():
    os.kill(os.getpid(), signal.SIGKILL)
for key, value in json.load(open(0)).items():
    row(key, json.dumps(value))
connection.commit()
`

/** Make a state with these values, and let more Python code loose on it. */
export function pythonDatabase(file: string, values: Record<string, unknown>, more = ''): string {
  const run = spawnSync('python3', ['-c', START + more, file], {
    input: JSON.stringify(values),
    encoding: 'utf8',
    timeout: 20_000,
  })
  if (run.status !== 0 && run.signal !== 'SIGKILL') throw new Error(run.stderr || String(run.error))
  return file
}

/** All files of a directory with what could show that they were touched. */
export function fingerprint(dir: string): Record<string, string> {
  const names = fs.readdirSync(dir, { recursive: true, encoding: 'utf8' }).sort()
  const entries = names.map((name) => {
    const { mtimeNs, ino, size } = fs.statSync(`${dir}/${name}`, { bigint: true })
    const bytes = fs.statSync(`${dir}/${name}`).isFile() ? fs.readFileSync(`${dir}/${name}`, 'base64') : ''
    return [name, `${mtimeNs} ${ino} ${size} ${bytes}`]
  })
  return Object.fromEntries(entries)
}
