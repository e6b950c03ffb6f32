// The unit as a whole: for a test, and for people.

import { UsageError } from '../../errors.ts'
import { AsText } from '../output.ts'
import type { Command } from './command.ts'

export const STATE_COMMANDS: Record<string, Command> = {
  state: {
    example: 'state show',
    summary: 'Export the unit as a state file for the simulator, or show it.',
    words: 'export|show',
    kind: 'value',
    writes: false,
    async run(session, [verb]) {
      if (verb !== 'export' && verb !== 'show') throw new UsageError(`neither export nor show: ${verb}`)
      const { showSnapshot, takeSnapshot, writeSnapshot } = await import('../../simulator/state-export.ts')
      const snapshot = await takeSnapshot(session)
      const text = verb === 'show' ? showSnapshot(snapshot) : await writeSnapshot(snapshot)
      return { value: new AsText(snapshot.state, text) }
    },
  },
  explain: {
    example: 'explain configure',
    summary: 'Say why a handler runs or not, who sets a flag, or what is waiting.',
    words: '[HANDLER|FLAG...]',
    kind: 'value',
    writes: false,
    async run(session, names) {
      const { explain } = await import('../../insight/explain.ts')
      const { explanationText, waitingText } = await import('../../insight/explain/text.ts')
      const explanations = await explain(session, names)
      const text = names.length === 0 ? waitingText(explanations) : explanationText(explanations)
      return { value: new AsText(explanations, text) }
    },
  },
}
