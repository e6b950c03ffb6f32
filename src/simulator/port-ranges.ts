// Ranges of ports as `open-port` and `opened-ports` write them: `80`, `80/tcp`, `8000-8080/udp`, `icmp`.

export interface PortRange {
  /** -1 for icmp, which has no ports. */
  from: number
  to: number
  protocol: string
  /** Application endpoint it is opened for; empty for all of them. */
  endpoint: string
}

/** Read a range, tcp by default. Throws an Error with Juju's words. */
export function parsePortRange(text: string, endpoint = ''): PortRange {
  const [ports = '', given] = text.toLowerCase().split(/\/(.*)/s)
  const [from, to] = ports === 'icmp' ? [-1, -1] : parsePorts(ports)
  const range = { from, to, protocol: from === -1 ? 'icmp' : (given ?? 'tcp'), endpoint }
  const problem = problemOf(range)
  if (problem !== undefined) throw new Error(problem)
  return range
}

function parsePorts(text: string): [number, number] {
  const what = text.includes('-') ? 'port range' : 'port'
  const parts = text.split('-')
  if (parts.length > 2 || !parts.every((part) => /^[0-9]+$/.test(part))) {
    throw new Error(`invalid ${what} ${JSON.stringify(text)}`)
  }
  const [from = 0, to = from] = parts.map(Number)
  return [from, to]
}

function problemOf(range: PortRange): string | undefined {
  const { from, to, protocol } = range
  if (!['tcp', 'udp', 'icmp'].includes(protocol)) {
    return `invalid protocol ${JSON.stringify(protocol)}, expected "tcp", "udp", or "icmp"`
  }
  if (protocol === 'icmp') {
    return from === -1 ? undefined : `protocol "icmp" doesn't support any ports; got "${from}"`
  }
  if (from > to) return `invalid port range ${showPortRange(range)}`
  return to > 65535 ? `port range bounds must be between 0 and 65535, got ${from}-${to}` : undefined
}

/** `80/tcp`, `8000-8080/udp` or `icmp`. */
export function showPortRange({ from, to, protocol }: PortRange): string {
  if (protocol === 'icmp') return 'icmp'
  return from === to ? `${from}/${protocol}` : `${from}-${to}/${protocol}`
}

export function isSamePortRange(one: PortRange, other: PortRange): boolean {
  return showPortRange(one) === showPortRange(other)
}

/** Whether the two share a port and are not the same. */
export function overlaps(one: PortRange, other: PortRange): boolean {
  const share = one.protocol === other.protocol && one.to >= other.from && other.to >= one.from
  return share && !isSamePortRange(one, other)
}

/** Juju's order: by protocol, then by port. */
export function comparePortRanges(one: PortRange, other: PortRange): number {
  if (one.protocol !== other.protocol) return one.protocol < other.protocol ? -1 : 1
  return one.from - other.from || one.to - other.to
}
