// The endpoints that a charm declares in `metadata.yaml`.

import { readMetadata } from './charm-files.ts'
import type { EndpointLookup } from './hooks.ts'

/** Read the declarations, and find endpoints by role and interface. Throws when there is no metadata. */
export function readEndpoints(charmDir: string): EndpointLookup {
  const { endpoints } = readMetadata(charmDir)
  return (role, interfaceName) =>
    endpoints
      .filter((e) => `${e.role}/${e.interface}` === `${upstreamRole(role)}/${interfaceName}`)
      .map(({ name }) => name)
}

/** The original writes the role of peers in the singular. */
function upstreamRole(role: string): string {
  return role === 'peer' ? 'peers' : role
}
