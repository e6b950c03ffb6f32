// What can stand in the place of a file: no text, but something that is no file at all, or that never ends.

import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'

type Prepare = (charmDir: string) => void

/** Put something in the place of a file of the charm. */
const place =
  (name: string, make: (file: string) => void): Prepare =>
  (charmDir) => {
    const file = path.join(charmDir, name)
    fs.rmSync(file, { recursive: true, force: true })
    fs.mkdirSync(path.dirname(file), { recursive: true })
    make(file)
  }

export const fifo = (name: string) => place(name, (file) => execFileSync('mkfifo', [file]))
export const directory = (name: string) => place(name, (file) => fs.mkdirSync(file))
export const link = (name: string, to: string) => place(name, (file) => fs.symlinkSync(to, file))
/** A link to itself. */
export const loop = (name: string) => link(name, path.basename(name))
/** What never ends. */
export const endless = (name: string) => link(name, '/dev/zero')
/** Even root cannot read the memory of a process at 0. */
export const unreadable = (name: string) => link(name, '/proc/self/mem')
export const executable = (name: string, content: string | Buffer) =>
  place(name, (file) => fs.writeFileSync(file, content, { mode: 0o755 }))

const SOCKET = 'IO::Socket::UNIX->new(Local => $ARGV[0], Listen => 1) or die'
export const socket = (name: string) =>
  place(name, (file) =>
    execFileSync('perl', ['-MIO::Socket::UNIX', '-e', SOCKET, path.basename(file)], {
      cwd: path.dirname(file),
    }),
  )

/** A bash handler file around the text. */
export const bash = (text: string) =>
  `#!/bin/bash\nsource charms.reactive.sh\n${text}\nreactive_handler_main\n`

/** A handler file whose handler sets a flag in the hook install. */
export const HANDLER = { 'reactive/a.sh': bash('@hook install\nf() { set_flag ran; }') }
export const RAN = 'INFO: Invoking reactive handler: reactive/a.sh:f'
