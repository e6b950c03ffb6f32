// The toolkit's own options, under the layer `reactive` in `layer.yaml`.

import { isMapping, readLayer } from './charm-files.ts'

/** The options that there are, and the values that they take. */
const OWN_OPTIONS = {
  strict: { takes: 'true or false', fits: (value: unknown) => typeof value === 'boolean' },
  on_loop: { takes: 'warn or fail', fits: (value: unknown) => value === 'warn' || value === 'fail' },
  trace: { takes: 'log', fits: (value: unknown) => value === 'log' },
  kept_traces: {
    takes: 'a number from 0 to 1000',
    fits: (value: unknown) => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 1000,
  },
} as const

export type OwnOption = keyof typeof OWN_OPTIONS

export const OWN_OPTION_NAMES = Object.keys(OWN_OPTIONS) as OwnOption[]

/** The value of an option of the layer `reactive`; undefined when the charm does not set it. */
export function layerSetting(charmDir: string, option: OwnOption): unknown {
  const options = readLayer(charmDir)?.options
  const reactive = options?.reactive
  return isMapping(reactive) ? reactive[option] : undefined
}

/** What an option takes, where the value is none of it. */
export function settingFault(option: string, value: unknown): string | undefined {
  const kind = OWN_OPTION_NAMES.find((name) => name === option)
  return kind === undefined || OWN_OPTIONS[kind].fits(value) ? undefined : OWN_OPTIONS[kind].takes
}
