// `run_event`, `run_events`, `run_action`: one or several events. They answer with the exit status of the
// last one, and with what all of them printed; the bash side puts that where bats' `run` puts it.

import { UsageError } from '../../errors.ts'
import type { SimulatedEvent } from '../events.ts'
import { actionEvent, type GivenEvent, parseEvent } from '../given-events.ts'
import type { Act, TestKit } from './kit.ts'
import type { KitFunction } from './kit-function.ts'
import { many, type OptionKind, type Options, one, pairsOf } from './words.ts'

const COMMON: Record<string, OptionKind> = { env: 'words', timeout: 'word' }

export const ACT_FUNCTIONS: Record<string, KitFunction> = {
  run_event: {
    words:
      'NAME [--relation ID] [--unit UNIT | --app] [--departing UNIT] [--storage ID] [--secret ID|LABEL] ' +
      '[--env NAME=VALUE] [--timeout SECONDS]',
    options: {
      ...COMMON,
      relation: 'word',
      unit: 'word',
      departing: 'word',
      app: 'alone',
      storage: 'word',
      secret: 'word',
    },
    run: (kit, [name = ''], options) => {
      if (name.startsWith('action:')) throw new UsageError(`use run_action to run an action: ${name}`)
      return answer(kit, [eventOf(name, options)])
    },
  },
  run_events: {
    words: "'NAME [KEY=VALUE...]'...",
    run: (kit, texts) => answer(kit, texts.map(parseEvent)),
  },
  run_action: {
    words: 'NAME [KEY=VALUE...] [--env NAME=VALUE] [--timeout SECONDS]',
    options: COMMON,
    run: (kit, [name = '', ...words], options) => {
      return answer(kit, [{ ...actionEvent(name, pairsOf(words)), ...settings(options) }])
    },
  },
}

function eventOf(name: string, options: Options): SimulatedEvent {
  const [relation, unit, departing, storage, secret] = [
    'relation',
    'unit',
    'departing',
    'storage',
    'secret',
  ].map((key) => one(options, key))
  if (options.app === true && unit !== undefined) throw new UsageError('--app and --unit cannot go together')
  const remoteUnit = options.app === true ? '' : unit
  return {
    name,
    ...(relation !== undefined && { relation }),
    ...(remoteUnit !== undefined && { remoteUnit }),
    ...(departing !== undefined && { departingUnit: departing }),
    ...(storage !== undefined && { storage }),
    ...(secret !== undefined && { secret }),
    ...settings(options),
  }
}

function settings(options: Options): Pick<SimulatedEvent, 'env' | 'timeoutMs'> {
  const seconds = one(options, 'timeout')
  if (seconds !== undefined && !/^\d+(\.\d+)?$/.test(seconds)) {
    throw new UsageError(`--timeout takes seconds: ${seconds}`)
  }
  return {
    env: pairsOf(many(options, 'env')),
    ...(seconds !== undefined && { timeoutMs: Number(seconds) * 1000 }),
  }
}

async function answer(kit: TestKit, events: readonly GivenEvent[]): Promise<string> {
  return eventText(await kit.run(events))
}

/** `STATUS SIZE`, a line end, stdout of SIZE bytes, stderr; without the line ends that `run` takes off. */
function eventText({ results }: Act): string {
  const text = (stream: 'stdout' | 'stderr') => results.map((result) => result[stream]).join('')
  const [stdout, stderr] = [text('stdout'), text('stderr')].map((all) =>
    all.replaceAll('\0', '').replace(/\n+$/, ''),
  )
  const status = results.at(-1)?.exitStatus ?? 0
  return `${status} ${Buffer.byteLength(stdout ?? '')}\n${stdout}${stderr}`
}
