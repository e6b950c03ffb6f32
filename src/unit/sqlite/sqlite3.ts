// Takes the place of the package `sqlite3` under @keyv/sqlite: the calls that the adapter makes, on Node's own
// SQLite. An addon has to be built, or fits only some of the C libraries on which charms run.

import { Connection, type Value } from './connection.ts'

type Done = (error: unknown, result?: unknown) => void

class Database {
  #connection: Promise<Connection>

  constructor(file: string, done: Done) {
    this.#connection = Promise.resolve().then(() => new Connection(file))
    this.#answer(done, () => undefined)
  }

  configure(_: 'busyTimeout', milliseconds: number): void {
    this.#connection.then((connection) => {
      connection.busyTimeout = milliseconds
    })
  }

  /** The rows that a statement gives; its parameters stand between it and the callback. */
  all(sql: string, ...rest: [...parameters: Value[], done: Done]): void {
    const done = rest.pop() as Done
    this.#answer(done, (connection) => connection.all(sql, ...(rest as Value[])))
  }

  close(done: Done): void {
    this.#answer(done, (connection) => connection.close())
  }

  #answer(done: Done, work: (connection: Connection) => unknown): void {
    this.#connection.then(work).then((result) => done(null, result), done)
  }
}

export default { Database }
