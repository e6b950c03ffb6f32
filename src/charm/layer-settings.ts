// The toolkit's own options, under the layer `reactive` in `layer.yaml`: `strict` and `on_loop`.

import { isMapping, readLayer } from './charm-files.ts'

/** The options that there are. */
export const OWN_OPTIONS = ['strict', 'on_loop'] as const

/** The value of an option of the layer `reactive`; undefined when the charm does not set it. */
export function layerSetting(charmDir: string, option: (typeof OWN_OPTIONS)[number]): unknown {
  const options = readLayer(charmDir)?.options
  const reactive = options?.reactive
  return isMapping(reactive) ? reactive[option] : undefined
}
