// The address of a unit in relation data. Until Juju 4 it was there under two names, and charms read the older one:
// interface-http and the functions of charmhelpers about clusters for instance. What Juju gives always wins.

/** The data with `private-address`, from `ingress-address` where Juju gives none. */
export function withPrivateAddress(data: Record<string, string>): Record<string, string> {
  const { 'ingress-address': address } = data
  return address === undefined || 'private-address' in data ? data : { ...data, 'private-address': address }
}
