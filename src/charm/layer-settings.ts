// The toolkit's own options, under the layer `reactive` in `layer.yaml`: `strict` and `on_loop`.

import type { Session } from '../unit/session.ts'
import { isMapping, readLayer } from './charm-files.ts'

/** The value of an option of the layer `reactive`; undefined when the charm does not set it. */
export function layerSetting(session: Session, option: 'strict' | 'on_loop'): unknown {
  const options = readLayer(session.context.charmDir)?.options
  const reactive = options?.reactive
  return isMapping(reactive) ? reactive[option] : undefined
}
