// Whether the charm has an option of this name: Juju itself answers nothing for one that does not exist.

import { oneLine, UsageError } from '../errors.ts'
import { suggestion } from '../system/nearest.ts'
import { readConfigOptions } from './charm-files.ts'

/** Throw a UsageError unless config.yaml declares the option. */
export function checkConfigOption(charmDir: string, option: string): void {
  const names = [...readConfigOptions(charmDir).keys()]
  if (names.includes(option)) return
  throw new UsageError(`config.yaml has no such option: ${oneLine(option)}${suggestion(option, names)}`)
}
