// Which databag: a relation, and the unit or application that owns the data. A key of text stands for it in maps.

/** One databag: a relation, and the unit (`mysql/0`) or application (`mysql`) that owns it. */
export interface Address {
  relation: string
  owner: string
}

/** A unit has a number, an application has none. */
export function isApplication(owner: string): boolean {
  return !owner.includes('/')
}

export function databagOptions(owner: string): { application: boolean } {
  return { application: isApplication(owner) }
}

export function keyOf({ relation, owner }: Address): string {
  return `${relation} ${owner}`
}

export function addressOf(key: string): Address {
  const [relation = '', owner = ''] = key.split(' ')
  return { relation, owner }
}
