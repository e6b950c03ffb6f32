// Configuration: options are declared and have values of their types.

import { CONFIG_TYPES } from '../../charm/charm-files.ts'
import { versionAtLeast } from '../../juju/juju-version.ts'
import type { JujuState } from '../juju-state.ts'
import { parseSecretId } from '../secrets.ts'
import { firstOf, listed, type Rule } from './rule.ts'

const entries = ({ config }: JujuState) => Object.entries(config).filter(([, value]) => value !== null)

export const CONFIG_RULES: Record<string, Rule> = {
  'defaults have their types': ({ charm }) => charm.configFault,
  'options are declared': ({ charm, state }) =>
    firstOf(Object.keys(state.config), (name) =>
      charm.config.has(name)
        ? undefined
        : `config.${name}: the charm has no such option: declare it in config.yaml, or check the name (it has ${listed(charm.config.keys())})`,
    ),
  'options have their types': ({ charm, state }) =>
    firstOf(entries(state), ([name, value]) => {
      const option = charm.config.get(name)
      if (option === undefined || CONFIG_TYPES[option.type](value)) return undefined
      return `config.${name}: the option is of type ${option.type}: ${JSON.stringify(value)}: correct the value`
    }),
  'secret options name secrets': ({ charm, state }) =>
    firstOf(entries(state), ([name, value]) => {
      if (charm.config.get(name)?.type !== 'secret' || value === '') return undefined
      const isSecret = String(value).startsWith('secret:') && parseSecretId(String(value)) !== undefined
      return isSecret
        ? undefined
        : `config.${name}: the option is a secret: ${JSON.stringify(value)}: give secret:ID`
    }),
  'secret options need Juju 3.4': ({ charm, state, words }) =>
    firstOf(entries(state), ([name]) =>
      charm.config.get(name)?.type === 'secret' && !versionAtLeast(state.jujuVersion, '3.4')
        ? `config.${name}: Juju ${state.jujuVersion} has no options of type secret: ${words.version('3.4 or later')}`
        : undefined,
    ),
}
