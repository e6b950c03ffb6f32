// The flags that the engine sets and clears by itself (documentation 2.2), as far as the charm's declarations tell:
// for the model of a charm. `dispatch/automatic-flags/` sets them.

import { readConfigOptions, readMetadata } from '../charm/charm-files.ts'

/** A flag, or a pattern of flags, of the engine's own. */
export interface AutomaticFlag {
  /** With `*` for what only Juju knows. */
  flag: string
  /** When it is set, as the end of a sentence. */
  when: string
  /** Whether the engine clears it at the end of the hook; else when it holds no longer. */
  untilEndOfHook: boolean
  /** Whether it stays until the charm clears it. */
  stays: boolean
}

const row = (flag: string, when: string, lasts: 'hook' | 'fact' | 'cleared' = 'fact'): AutomaticFlag => ({
  flag,
  when,
  untilEndOfHook: lasts === 'hook',
  stays: lasts === 'cleared',
})

/** The automatic flags of a charm. */
export function automaticFlags(charmDir: string): AutomaticFlag[] {
  const options = [...readConfigOptions(charmDir).keys()]
  const { endpoints } = readMetadata(charmDir)
  return [
    row('config.changed', 'the value of an option changed since the last hook', 'hook'),
    ...options.flatMap((name) => [
      row(`config.changed.${name}`, `the value of the option ${name} changed since the last hook`, 'hook'),
      row(`config.set.${name}`, `the option ${name} has a value that is not empty or false`, 'hook'),
      row(`config.default.${name}`, `the option ${name} has its default`, 'hook'),
    ]),
    row('leadership.is_leader', 'the unit leads its application'),
    row('leadership.changed', 'a leader setting has changed', 'hook'),
    row('leadership.changed.*', 'this leader setting has changed', 'hook'),
    row('leadership.set.*', 'the leader has set this'),
    row('upgrade.series.in-progress', 'the series of the machine is upgraded'),
    ...['changed', 'rotate', 'expired'].map((step) =>
      row(`secret.${step}.*`, `Juju said so about the secret with this label`, 'cleared'),
    ),
    row('charm.upgraded', 'the charm was upgraded, in upgrade-charm', 'hook'),
    ...endpoints.flatMap(({ name }) => endpointFlags(name)),
  ]
}

function endpointFlags(name: string): AutomaticFlag[] {
  return [
    row(`endpoint.${name}.joined`, `a unit has joined ${name}`),
    row(`endpoint.${name}.changed`, `a unit has changed its data on ${name}`, 'cleared'),
    row(`endpoint.${name}.changed.*`, `a unit has changed this field on ${name}`, 'cleared'),
    row(`endpoint.${name}.departed`, `a unit has left ${name}, until another joins`, 'cleared'),
    row(`endpoint.${name}.has_responses`, `a request on ${name} is answered`),
    row(`endpoint.${name}.all_responses`, `all requests on ${name} are answered`),
    row(`endpoint.${name}.has_requests`, `there are requests on ${name}`),
    row(`endpoint.${name}.new_requests`, `requests on ${name} wait for an answer`),
  ]
}
