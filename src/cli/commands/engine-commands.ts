// The dispatch itself: its transaction, and its record.

import { type DispatchRecord, formatTraces } from '../../dispatch/trace.ts'
import { UsageError } from '../../errors.ts'
import { AsText } from '../output.ts'
import { type Command, done, one } from './command.ts'

export const ENGINE_COMMANDS: Record<string, Command> = {
  checkpoint: {
    summary: 'Commit what has changed so far in this hook, before a reboot for instance.',
    words: '',
    count: [0, 0],
    kind: 'silent',
    writes: true,
    async run({ state }) {
      await state.commit()
      return done
    },
  },
  trace: {
    summary: 'Print what the last dispatches tested and ran, and what changed which flag.',
    words: '',
    count: [0, 0],
    kind: 'value',
    writes: false,
    options: { last: { summary: 'how many, the latest ones; 1 by default', value: 'N' } },
    async run({ state }, _, options) {
      const last = one(options, 'last') ?? '1'
      if (!/^[1-9]\d*$/.test(last)) throw new UsageError(`--last takes a number from 1: ${last}`)
      const records = (await state.traces()) as unknown as DispatchRecord[]
      const shown = records.slice(-Number(last))
      return { value: new AsText(shown, formatTraces(shown)) }
    },
  },
}
