// Processor architectures, as everybody concerned names them.

import { UsageError } from '../errors.ts'

export interface Names {
  /** bash, in $HOSTTYPE. */
  hostType: string
  /** The ELF header. */
  machine: number
  /** Node.js, and its npm package; npm has none for the others. */
  node?: string
}

/** By the name that Juju uses. */
export const ARCHITECTURES = {
  amd64: { hostType: 'x86_64', machine: 62, node: 'x64' },
  arm64: { hostType: 'aarch64', machine: 183, node: 'arm64' },
  ppc64el: { hostType: 'powerpc64le', machine: 21 },
  riscv64: { hostType: 'riscv64', machine: 243 },
  s390x: { hostType: 's390x', machine: 22 },
} as const satisfies Record<string, Names>

export type Architecture = keyof typeof ARCHITECTURES

/** Every name of an architecture. */
export function namesOf(architecture: Architecture): Names {
  return ARCHITECTURES[architecture]
}

/** The first architecture whose names are so. */
export function findArchitecture(isWanted: (names: Names, name: Architecture) => boolean) {
  const all = Object.keys(ARCHITECTURES) as Architecture[]
  return all.find((name) => isWanted(ARCHITECTURES[name], name))
}

/** The architecture of this process. */
export function ownArchitecture(): Architecture {
  const found = findArchitecture(({ node }, name) => (node ?? name) === process.arch)
  if (found === undefined) throw new UsageError(`Juju does not know this architecture: ${process.arch}`)
  return found
}
