// The toolkit's own options, under the layer `reactive` in `layer.yaml`: `strict` and `on_loop`.

import { isMapping, readLayer } from './charm-files.ts'

/** The value of an option of the layer `reactive`; undefined when the charm does not set it. */
export function layerSetting(charmDir: string, option: 'strict' | 'on_loop'): unknown {
  const options = readLayer(charmDir)?.options
  const reactive = options?.reactive
  return isMapping(reactive) ? reactive[option] : undefined
}
