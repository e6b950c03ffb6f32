// The dispatch itself: its transaction, and its record.

import type { DispatchRecord } from '../../dispatch/trace.ts'
import { UsageError } from '../../errors.ts'
import { AsText } from '../output.ts'
import { type Command, done, one } from './command.ts'

export const ENGINE_COMMANDS: Record<string, Command> = {
  checkpoint: {
    example: 'checkpoint',
    summary: 'Commit what has changed so far in this hook.',
    words: '',
    kind: 'silent',
    writes: true,
    async run({ state }) {
      await state.commit()
      return done
    },
  },
  trace: {
    example: 'trace --last 3',
    summary: 'Print what the last hooks tested and ran, and what changed which flag.',
    words: '',
    kind: 'value',
    writes: false,
    options: {
      last: { summary: 'how many of the last hooks, 1 by default', value: 'N' },
      handler: {
        summary: 'only this handler: its id, or the name of its function',
        value: 'HANDLER',
      },
      failed: { summary: 'only hooks that failed' },
      follow: { summary: 'go on with the hooks that end from now on' },
    },
    async run({ state, inDispatch }, _, options) {
      const last = one(options, 'last') ?? '1'
      if (!/^[1-9]\d*$/.test(last)) throw new UsageError(`--last takes a number from 1: ${last}`)
      const { aboutHandler, formatTraces } = await import('../../dispatch/trace-text.ts')
      const handler = one(options, 'handler')
      const failed = options.failed === true
      if (options.follow === true) {
        if (inDispatch) throw new UsageError('a hook cannot wait for the next one: --follow')
        const { follow } = await import('../../dispatch/follow.ts')
        return { stream: asTexts(follow(state, { last: Number(last), handler, failed }), formatTraces) }
      }
      const all = (await state.traces()) as unknown as DispatchRecord[]
      const records = failed ? all.filter(({ status }) => status !== 0) : all
      if (all.length === 0) return { value: new AsText([], 'no dispatch is recorded yet\n') }
      if (records.length === 0)
        return { value: new AsText([], `none of the last ${all.length} dispatches failed\n`) }
      const shown = (handler === undefined ? records : aboutHandler(records, handler)).slice(-Number(last))
      return { value: new AsText(shown, formatTraces(shown)) }
    },
  },
}

/** With an empty line between one and the next. */
async function* asTexts(
  records: AsyncIterable<DispatchRecord>,
  formatTraces: (records: DispatchRecord[]) => string,
): AsyncGenerator<AsText> {
  let before = ''
  for await (const record of records) {
    yield new AsText(record, before + formatTraces([record]))
    before = '\n'
  }
}
