// The keys of the unit state: the one place where they are spelled. A word with a colon at its end is the prefix of
// many keys. Another spelling is another schema: state-upgrades.ts.

export const KEY = {
  flag: 'flag:',
  /** The charm's own key/value data. */
  kv: 'kv:',
  /** Registered outside of a dispatch, for the next one. */
  trigger: 'trigger:',
  /** Those of the last successful dispatch, for commands outside of one. */
  lastTriggers: 'last-triggers',
  invoked: 'invoked:',
  /** Hash of a file, for all callers of `any_file_changed` together. */
  file: 'file:',
  /** Hash of a file from before the unit moved here: where a handler without a memory of its own starts. */
  fileBase: 'file-base:',
  /** Hash of a file as one handler has seen it. */
  seen: 'seen:',
  /** Hash of data, by the id that the charm gives it. */
  data: 'data:',
  /** Hashes of the fields of a databag, by relation and owner. */
  received: 'received:',
  /** Units that have left an endpoint. */
  departed: 'departed:',
  conversation: 'conversation:',
  lastConfig: 'config:last',
  lastLeaderSettings: 'leadership:last',
  /** What the leader has set, until it is known that the peer relation holds it. */
  unsharedSettings: 'leadership:unshared',
  /** Once these were given to Juju: what Juju's store says if it took them. */
  handedSettings: 'leadership:handed',
  nearMisses: 'near-misses',
  /** Options in layer.yaml that nobody defines, as the last hook has named them. */
  unknownOptions: 'unknown-options',
  /** The Debian packages of the charm that were there when they were last looked at. */
  debianPackages: 'bootstrap:packages',
  /** The plan of what Python was installed in the system. */
  pythonPlan: 'bootstrap:python',
  /** Scripts of exec.d that have run. */
  preInstalled: 'exec-d:',
  /** Names of scripts of exec.d without the execute bit that were warned about. */
  preInstallsSkipped: 'exec-d-skipped',
  /** Roles of an endpoint in the request/response pattern. */
  requestRoles: 'requests:',
  /** What the state says about itself. */
  meta: 'meta:',
  schema: 'meta:schema',
  unit: 'meta:unit',
  /** What was imported from the Python original, and when. */
  imported: 'meta:imported',
  /** Set by that import where it brought hashes of received data, until a hook has succeeded since. */
  moving: 'meta:moving',
  /** What was read from YAML files. */
  yaml: 'meta:yaml:',
} as const
