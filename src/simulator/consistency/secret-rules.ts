// Secrets: of a Juju that has them, whole in themselves, and those of secret hooks are there.

import { versionAtLeast } from '../../juju/juju-version.ts'
import { findRelation } from '../juju-state.ts'
import { findSecret, isOwned, latestRevision, parseSecretId, type Secret } from '../secrets.ts'
import { findTwice, firstOf, parseHook, type Rule, type Scene } from './rule.ts'

const ROTATIONS = ['', 'never', 'hourly', 'daily', 'weekly', 'monthly', 'quarterly', 'yearly']
const KEY = /^[a-z](?:-?[a-z0-9]){2,}(?:#base64)?$/

const nameOf = ({ id, label }: Secret) => label || id

const eachSecret =
  (complain: (secret: Secret, scene: Scene) => string | undefined | false): Rule =>
  (scene) =>
    firstOf(scene.state.secrets, (secret) => complain(secret, scene))

/** The secret of a secret hook, as resolveEvent finds it. */
function hookSecret({ state, event }: Scene): Secret | undefined {
  const { step } = parseHook(event)
  if (event.secret !== undefined) return findSecret(state.secrets, event.secret)
  return state.secrets.find((secret) => isOwned(secret) === (step !== 'changed'))
}

const inHook =
  (complain: (secret: Secret, step: string, scene: Scene) => string | undefined | false): Rule =>
  (scene) => {
    const { kind, step } = parseHook(scene.event)
    const secret = kind === 'secret' ? hookSecret(scene) : undefined
    return (secret && complain(secret, step, scene)) || undefined
  }

export const SECRET_RULES: Record<string, Rule> = {
  'secrets need Juju 3.0': ({ state, words }) =>
    state.secrets.length > 0 && !versionAtLeast(state.jujuVersion, '3.0')
      ? `secrets: Juju ${state.jujuVersion} has none: ${words.version('3.0 or later')}, or leave them out`
      : undefined,
  'secret ids are legal': eachSecret(
    ({ id }) =>
      parseSecretId(id) !== id &&
      `secret ${id}: the id is not twenty letters (a to v) and digits: leave it out`,
  ),
  'secret ids are unique': ({ state }) => {
    const id = findTwice(state.secrets.map((secret) => secret.id))
    return id === undefined ? undefined : `secrets: the id ${id} is used twice: leave it out`
  },
  'secret labels are unique': ({ state }) => {
    const label = findTwice(state.secrets.map((secret) => secret.label).filter((text) => text !== ''))
    return label === undefined ? undefined : `secrets: the label ${label} is used twice: give each its own`
  },
  'secrets have a content': eachSecret((secret) => {
    const { revisions } = secret
    const isEmpty = Object.values(revisions).some((content) => Object.keys(content).length === 0)
    return (
      (Object.keys(revisions).length === 0 || isEmpty) &&
      `secret ${nameOf(secret)}: it has no content: give content, or revisions that have one`
    )
  }),
  'secret revisions are numbers': eachSecret((secret) =>
    firstOf(Object.keys(secret.revisions), (revision) =>
      /^[1-9]\d*$/.test(revision)
        ? undefined
        : `secret ${nameOf(secret)}: a revision is a number from 1 on: ${revision}: correct it`,
    ),
  ),
  'secret keys are legal': eachSecret((secret) =>
    firstOf(Object.values(secret.revisions).flatMap(Object.keys), (key) =>
      KEY.test(key)
        ? undefined
        : `secret ${nameOf(secret)}: Juju refuses the key ${key}: use three or more lower case letters, digits and hyphens`,
    ),
  ),
  'tracked revisions are there': eachSecret(
    (secret) =>
      secret.tracked !== 0 &&
      secret.revisions[secret.tracked] === undefined &&
      `secret ${nameOf(secret)}: the tracked revision does not exist: ${secret.tracked}: add it to revisions`,
  ),
  'secrets rotate as Juju can': eachSecret(
    (secret) =>
      !ROTATIONS.includes(secret.rotate) &&
      `secret ${nameOf(secret)}: Juju has no rotation ${secret.rotate}: use one of ${ROTATIONS.slice(1).join(', ')}`,
  ),
  'grants are for own secrets': eachSecret(
    (secret) =>
      !isOwned(secret) &&
      secret.grants.length > 0 &&
      `secret ${nameOf(secret)}: it belongs to ${secret.owner}, who grants it: leave grants out`,
  ),
  'grants live with a relation': eachSecret((secret, { state, words }) =>
    firstOf(secret.grants, ({ relation }) =>
      findRelation(state, relation) === undefined
        ? `secret ${nameOf(secret)}: it is granted over a relation that does not exist: ${relation}: ${words.relation(relation)}`
        : undefined,
    ),
  ),
  'secret of the hook is there': (scene) => {
    const { kind, step } = parseHook(scene.event)
    if (kind !== 'secret' || hookSecret(scene) !== undefined) return undefined
    const { name, secret } = scene.event
    const what = secret ?? (step === 'changed' ? 'one of another application' : 'one that the unit owns')
    return `${name}: there is no such secret: ${what}: ${scene.words.secret()}`
  },
  'secret-changed is for readers': inHook(
    (secret, step, { event }) =>
      step === 'changed' &&
      isOwned(secret) &&
      `${event.name}: the owner is not told about its own changes: ${nameOf(secret)}: name a secret of another application`,
  ),
  'other secret hooks are for the owner': inHook(
    (secret, step, { event }) =>
      step !== 'changed' &&
      !isOwned(secret) &&
      `${event.name}: only the owner is told: ${nameOf(secret)} belongs to ${secret.owner}: name another secret`,
  ),
  'secrets of the application are for the leader': inHook(
    (secret, _, { state, event, words }) =>
      secret.owner === 'application' &&
      !state.leader &&
      `${event.name}: ${nameOf(secret)} belongs to the application, so the leader is told: ${words.leader(true)}`,
  ),
  'revision of the hook is there': inHook((secret, _, { event }) => {
    const { secretRevision = latestRevision(secret) } = event
    return (
      secret.revisions[secretRevision] === undefined &&
      `${event.name}: ${nameOf(secret)} has no revision ${secretRevision}: add it to revisions`
    )
  }),
  'what rotates has a rotation': inHook(
    (secret, step, { event }) =>
      step === 'rotate' &&
      ['', 'never'].includes(secret.rotate) &&
      `${event.name}: ${nameOf(secret)} does not rotate: give it a rotation`,
  ),
  'what expires has a time': inHook(
    (secret, step, { event }) =>
      step === 'expired' &&
      secret.expire === '' &&
      `${event.name}: ${nameOf(secret)} does not expire: give it a time in expire`,
  ),
}
