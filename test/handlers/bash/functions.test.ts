import { expect, it } from 'vitest'
import type { Entry } from '../../../src/handlers/bash/entries.ts'
import { BashFunctions } from '../../../src/handlers/bash/functions.ts'
import { BashProcesses } from '../../../src/handlers/bash/processes.ts'
import { HandlerOutput } from '../../../src/handlers/handler-output.ts'
import { startSession } from '../../test-unit.ts'

it('a method is a handler as well only where it has conditions, and functions of one name are told apart', async () => {
  const path = 'reactive/relations/mysql/requires.sh'
  const session = await startSession({ files: { [path]: '' } })
  const entry = (name: string, line: number, more: Partial<Entry> = {}): Entry => ({
    ...{ name, line, file: path, place: `${line} ${path}`, conditions: [], ...more },
  })
  const when = [{ name: 'when', args: ['x'] } as const]
  const { handlers } = new BashFunctions(
    session,
    { path, text: '' },
    new BashProcesses(session, new HandlerOutput(session, [])),
    [
      entry('answers', 1, { method: { json: false } }),
      entry('both', 2, { method: { json: false }, conditions: when }),
      entry('reacts', 3, { conditions: when }),
      entry('reacts', 4, { conditions: when }),
    ],
  )
  expect(handlers.map(({ id }) => id)).toEqual([
    `${path}:both:db`,
    `${path}:reacts:db`,
    `${path}:reacts#2:db`,
  ])
})
