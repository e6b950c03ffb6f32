// Interface layers: files that speak the protocol of one interface in one role, for every endpoint that uses
// it (documentation 2.1.3): `reactive/relations/INTERFACE/ROLE.EXTENSION`, before 0.6 `hooks/relations/…`.

import type { EndpointRole } from '../charm/charm-files/declarations.ts'

export interface InterfaceLayer {
  role: EndpointRole
  interface: string
}

const FILE = /^(?:reactive|hooks)\/relations\/([^/]+)\/(provides|requires|peers?)(?:\.[^/]*)?$/

/** The interface layer that a file of the charm is, by its path relative to the charm dir. */
export function interfaceOf(file: string): InterfaceLayer | undefined {
  const [, interfaceName, role] = FILE.exec(file) ?? []
  if (interfaceName === undefined || role === undefined) return undefined
  return { role: wholeRole(role), interface: interfaceName }
}

/** The original writes the role of peers in the singular, too. */
export function wholeRole(role: string): EndpointRole {
  return role === 'peer' ? 'peers' : (role as EndpointRole)
}

const ENDPOINT_NAME = '{endpoint_name}'

/** The text with the name of the endpoint in place of `{endpoint_name}`. Other braces stay as they are. */
export function expandEndpointName(text: string, endpoint: string): string {
  return text.replaceAll(ENDPOINT_NAME, () => endpoint)
}
