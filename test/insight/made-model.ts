// A model of a charm as a test wants it, without a charm.

import type { CharmModel, ModelHandler } from '../../src/insight/charm-model.ts'

type Given = Partial<Omit<ModelHandler, 'conditions' | 'changes'>> & {
  id: string
  /** `when a b`. */
  on?: string[]
  /** `set a`, `clear b`. */
  does?: string[]
}

/** A handler from its id, `reactive/app.sh:f`. */
export function madeHandler({ id, on = [], does = [], ...given }: Given): ModelHandler {
  const [file = '', name = ''] = id.split(':')
  return {
    id,
    file,
    line: 3,
    phases: ['other'],
    flags: [],
    actions: [],
    function: name,
    layer: undefined,
    triggers: [],
    conditions: on.map((text) => {
      const [word = '', ...args] = text.split(' ')
      return { name: word as ModelHandler['conditions'][number]['name'], args }
    }),
    changes: does.map((text) => {
      const [kind = '', flag = ''] = text.split(' ')
      return { kind: kind as 'set' | 'clear', flag, file, line: 4, column: 3, function: name }
    }),
    ...given,
  }
}

export function madeModel(handlers: readonly Given[], more: Partial<CharmModel> = {}): CharmModel {
  return {
    name: 'app',
    charmDir: '/charm',
    layers: [],
    handlers: handlers.map(madeHandler),
    changes: [],
    triggers: [],
    automatic: [],
    registration: {
      files: [],
      nearMisses: [],
      handlers: [],
      triggers: [],
      changes: [],
      faults: [],
      standIns: [],
    },
    sources: [],
    ...more,
  }
}
