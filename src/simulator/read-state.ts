// A state that a person wrote, in YAML or JSON, narrowed to what juju-state.ts describes. Keys may be
// written `juju_version`, `juju-version` or `jujuVersion`. docs/simulator.md lists them from the tables below.

import type { Endpoint, GivenRelation, GivenState, GoalState, Network } from './juju-state.ts'
import {
  anything,
  flag,
  listOf,
  mapOf,
  type Readers,
  reader,
  readFields,
  recordOf,
  text,
} from './read-state/readers.ts'
import {
  configValue,
  data,
  flagNames,
  goal,
  port,
  relationId,
  revision,
  role,
  secretId,
  status,
  storages,
  unitName,
} from './read-state/values.ts'
import type { GivenSecret, SecretGrant } from './secrets.ts'

/** Narrow what was read from YAML or JSON. Throws a ReactiveError that names the place. */
export function readJujuState(input: unknown): GivenState {
  return readFields(STATE_KEYS, input, 'state')
}

const RELATION: Readers<GivenRelation> = {
  id: ['The id, unique in the model. It must be given; the rest has defaults.', relationId],
  endpoint: ["The charm's endpoint; that of the id if not given.", text],
  interface: ['Its interface, as metadata.yaml declares it.', text],
  role: ['Its role, as metadata.yaml declares it.', role],
  localUnit: ['What this unit has published.', data],
  localApp: ["What this unit's application has published.", data],
  remoteApp: ['The other application; that of the first remote unit if not given.', text],
  remoteAppData: ['What the other application has published.', data],
  remoteUnits: ['The units that have joined, with what each has published.', mapOf('UNIT', data)],
  departedUnits: ['Units that have left; Juju still shows their data.', mapOf('UNIT', data)],
  remoteModel: ['UUID of the model of the other application, if it is another one.', text],
}

const SECRET: Readers<GivenSecret> = {
  id: ['The id; one is made if not given.', secretId],
  label: ['The label.', text],
  owner: ['`application` (the default), `unit`, or the name of another application or unit.', text],
  description: ['The description.', text],
  rotate: ['How often it is to be rotated.', text],
  expire: ['When it expires, as RFC 3339.', text],
  content: ['The content of its only revision.', data],
  revisions: ['The contents of several revisions.', mapOf('REVISION', data)],
  tracked: ['The revision that this unit reads until it refreshes.', revision],
  grants: [
    'Who may read it.',
    listOf(
      recordOf<SecretGrant, keyof SecretGrant>(
        {
          to: ['An application or a unit.', text],
          relation: ['The relation that the grant lives with.', relationId],
        },
        ['to', 'relation'],
      ),
    ),
  ],
}

const NETWORK: Readers<Network> = {
  interface: ['The network interface; `eth0` if not given.', text],
  address: ["The address; the unit's private one if not given.", text],
  cidr: ['The subnet of the address.', text],
  ingress: ['Ingress addresses.', listOf(text)],
  egress: ['Egress subnets.', listOf(text)],
}

/** Every key of a state file: what it is for, and what it takes. */
export const STATE_KEYS: Readers<GivenState> = {
  unit: ['The unit; number 0 of the application that is called like the charm if not given.', unitName],
  jujuVersion: ['The version of Juju, which decides about hook tools and environment.', text],
  model: ['The model.', recordOf({ name: ['Its name.', text], uuid: ['Its UUID.', text] }, [])],
  machine: ['The machine of the unit.', text],
  principalUnit: ['The principal unit, if the charm is a subordinate.', text],
  leader: ['Whether the unit leads its application; `true` if not given.', flag],
  config: [
    'What the operator has configured. Other options have their defaults.',
    mapOf('OPTION', configValue),
  ],
  configDefaults: ['The defaults of options, instead of those of config.yaml.', mapOf('OPTION', configValue)],
  endpoints: [
    'The endpoints, instead of those of metadata.yaml.',
    mapOf(
      'NAME',
      recordOf<Endpoint, keyof Endpoint>({ interface: ['Its interface.', text], role: ['Its role.', role] }, [
        'interface',
        'role',
      ]),
    ),
  ],
  relations: ['The relations, peer relations too.', listOf(recordOf<GivenRelation, 'id'>(RELATION, ['id']))],
  peers: [
    'Peer relations in a shorter form: what each other unit has published.',
    mapOf('ENDPOINT', mapOf('UNIT', data)),
  ],
  leaderSettings: ['What leader-get shows.', data],
  status: [
    'The statuses; `unknown` if not given.',
    recordOf({ unit: ['Of the unit.', status], app: ['Of the application.', status] }, []),
  ],
  ports: ['The open ports.', listOf(port)],
  version: ['What application-version-set has told.', text],
  charmState: ['What state-get shows.', data],
  resources: ['The file of each resource.', mapOf('NAME', text)],
  storage: ['The instances of storages.', storages],
  secrets: ['The secrets that the unit owns or may read.', listOf(recordOf<GivenSecret, never>(SECRET, []))],
  addresses: [
    "The unit's addresses.",
    recordOf({ private: ['The private one.', text], public: ['The public one.', text] }, []),
  ],
  network: [
    'What network-get says about endpoints and bindings.',
    mapOf('BINDING', recordOf<Network, never>(NETWORK, [])),
  ],
  goalState: [
    'What goal-state says besides what follows from the relations.',
    recordOf<GoalState, never>(
      {
        units: ['Units of the application.', mapOf('UNIT', goal)],
        relations: ['Units and applications by endpoint.', mapOf('ENDPOINT', mapOf('NAME', goal))],
      },
      [],
    ),
  ],
  actions: [
    'Parameters of actions, for events that give none.',
    mapOf('ACTION', mapOf('PARAMETER', anything)),
  ],
  credentials: [
    'What credential-get shows; null unless the operator trusts the application.',
    reader('a map or null', (value, where) => (value === null ? null : mapOf('KEY', anything)(value, where))),
  ],
  proxies: [
    "The model's juju-http-proxy and so on, by scheme: `http`, `https`, `ftp`, `no`.",
    mapOf('SCHEME', text),
  ],
  legacyProxies: ["The model's http-proxy and so on, by scheme.", mapOf('SCHEME', text)],
  flags: ['The flags that are set.', flagNames],
  kv: ["The charm's own key/value data.", mapOf('KEY', anything)],
  memory: [
    'What else the toolkit remembers of the unit, as `state export` writes it.',
    mapOf('KEY', anything),
  ],
}
