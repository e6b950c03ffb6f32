// A whole state as plain JSON, in the very shape that read-state.ts accepts, for a state file or another
// test. What the charm's own files say (its endpoints, the defaults of its options) is left to them.

import type { JujuState, Relation } from './juju-state.ts'
import { showPortRange } from './port-ranges.ts'
import { snakeCase } from './read-state/readers.ts'
import type { Secret } from './secrets.ts'

/** The state in the shape of a state file: keys in snake case, ports as `80/tcp`. */
export function writeJujuState(state: JujuState): Record<string, unknown> {
  const { endpoints: _, configDefaults: __, ports, relations, secrets, ...rest } = state
  const written = {
    ...inSnakeCase(rest),
    relations: relations.map((relation: Relation) => inSnakeCase(relation)),
    ports: ports.map((port) =>
      port.endpoint ? { port: showPortRange(port), endpoint: port.endpoint } : showPortRange(port),
    ),
    secrets: secrets.map((secret: Secret) => inSnakeCase(secret)),
  }
  return JSON.parse(JSON.stringify(written))
}

/** Names of fields only: what is below belongs to the charm. */
function inSnakeCase(fields: object): Record<string, unknown> {
  const named = Object.entries(fields).map(([name, value]): [string, unknown] => [snakeCase(name), value])
  return Object.fromEntries(named)
}
