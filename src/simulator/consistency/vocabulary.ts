// How a message says what to do: in the words of whoever wrote the event. A state file and the command line have
// keys, the test kit has functions.

export interface Vocabulary {
  /** `which` is a version and what may follow it. */
  version(which: string): string
  leader(leads: boolean): string
  relation(id: string): string
  /** A unit in a relation. */
  member(relation: string): string
  storage(id: string): string
  secret(): string
  action(name: string): string
}

export const KEYS: Vocabulary = {
  version: (which) => `set juju_version to ${which}`,
  leader: (leads) => `set leader to ${leads}`,
  relation: () => 'add it to relations',
  member: () => 'add it to remote_units',
  storage: () => 'add it to storage',
  secret: () => 'add it to secrets',
  action: (name) => `write action:${name}`,
}

export const KIT_FUNCTIONS: Vocabulary = {
  version: (which) => `call given_juju_version with ${which}`,
  leader: (leads) => `call given_leader ${leads}`,
  relation: (id) => `call given_relation ${id}`,
  member: (relation) => `call given_relation ${relation} --unit UNIT`,
  storage: (id) => `call given_storage ${id} LOCATION`,
  secret: () => 'call given_secret',
  action: (name) => `call run_action ${name}`,
}
