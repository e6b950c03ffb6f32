// secret-add, -set, -get, -info-get, -ids, -grant, -revoke, -remove: from Juju 3.0, all changes buffered
// until the hook exits 0. Not in the documents, from Juju's sources: a key has at least three characters; the
// content of --file wins over arguments; an unchanged content makes no revision; what this hook has changed
// is read back with --peek or --refresh only, what it has made at once; a secret that Juju does not know is
// refused when it takes the changes. When the next rotation is due is not simulated.

import { applicationOf } from '../../unit/names.ts'
import { editSecrets } from '../hook-context.ts'
import { findRelation } from '../juju-state.ts'
import { findSecret, latestRevision, newSecret, type Secret } from '../secrets.ts'
import { checkEmpty, type Flag } from './arguments.ts'
import { type HookTool, outputFlags } from './hook-tool.ts'
import { relationFlag } from './relation-tools.ts'
import {
  contentValue,
  grant,
  infoOf,
  isSameContent,
  NOT_LEADER,
  notFound,
  ownSecret,
  ownSecrets,
  plainKey,
  readSecret,
} from './secret-access.ts'
import { checkUnit, idOrLabel, readRevision, readUpsert, requiredId, revoked } from './secret-arguments.ts'
import { decodeValue } from './secret-content.ts'
import { ToolError, ToolUsageError } from './tool-errors.ts'

const SINCE = '3.0'

const texts = (...names: string[]): Flag[] => names.map((name) => ({ names: [name], kind: 'text' }))
const UPSERT_FLAGS = texts('expire', 'rotate', 'description', 'label', 'file', 'owner')
const LABEL: Flag = { names: ['label'], kind: 'text' }

export const SECRET_TOOLS: Record<string, HookTool> = {
  'secret-add': {
    usage: '[key[#base64|#file]=value...]',
    purpose: 'Add a new secret.',
    since: SINCE,
    flags: () => UPSERT_FLAGS,
    run(call) {
      const { context, args, flags, write } = call
      if (args.length === 0 && !flags.file) throw new ToolUsageError('missing secret value or filename')
      const { content, metadata } = readUpsert(call, args)
      if (Object.keys(content).length === 0) throw new ToolError('empty secret value not valid')
      const owner = flags.owner ?? 'application'
      if (owner === 'application' && !context.state.leader) throw new ToolError(NOT_LEADER)
      const secrets = editSecrets(context)
      const secret = newSecret(secrets, { owner, content, ...metadata })
      secrets.push(secret)
      write(`secret:${secret.id}\n`)
    },
  },
  'secret-set': {
    usage: '<ID> [key[#base64]=value...]',
    purpose: 'Update an existing secret.',
    since: SINCE,
    flags: () => UPSERT_FLAGS,
    run(call) {
      const [given, ...args] = call.args
      const id = requiredId(given)
      const { content, metadata } = readUpsert(call, args)
      const secret = ownSecret(call.context, id)
      if (secret === undefined) return
      Object.assign(secret, metadata)
      const latest = latestRevision(secret)
      const isNew = Object.keys(content).length > 0 && !isSameContent(content, secret.revisions[latest])
      if (isNew) secret.revisions[latest + 1] = content
    },
  },
  'secret-get': {
    usage: '<ID> [key[#base64]]',
    purpose: 'Get the content of a secret.',
    since: SINCE,
    // No smart format, and YAML is the default.
    flags: () => [
      ...outputFlags(['yaml', 'json']),
      LABEL,
      { names: ['peek'], kind: 'switch' },
      { names: ['refresh'], kind: 'switch' },
    ],
    run({ context, args, flags, print }) {
      const { id, rest } = idOrLabel(args, flags.label)
      if (flags.peek && flags.refresh)
        throw new ToolUsageError('specify one of --peek or --refresh but not both')
      const [key, ...more] = rest
      checkEmpty(more)
      const content = readSecret(context, { id, ...flags })
      flags.format ??= 'yaml'
      if (key !== undefined) return print(contentValue(content, key))
      print(
        Object.fromEntries(
          Object.keys(content).map((name) => [plainKey(name), decodeValue(content, plainKey(name))]),
        ),
      )
    },
  },
  'secret-info-get': {
    usage: '<ID>',
    purpose: "Get a secret's metadata info.",
    since: SINCE,
    flags: () => [...outputFlags(['yaml', 'json']), LABEL],
    run({ context, args, flags, print }) {
      const { id, rest } = idOrLabel(args, flags.label)
      if (id !== undefined && flags.label)
        throw new ToolUsageError('specify either a secret URI or label but not both')
      checkEmpty(rest)
      const name = id ?? flags.label ?? ''
      const secret = findSecret(ownSecrets(context), name)
      if (secret === undefined) throw notFound(name)
      flags.format ??= 'yaml'
      print({ [secret.id]: infoOf(context, secret) })
    },
  },
  'secret-ids': {
    usage: '',
    purpose: 'Print secret IDs.',
    since: SINCE,
    flags: () => outputFlags(),
    run({ context, args, print }) {
      checkEmpty(args)
      const ids = ownSecrets(context).map(({ id }) => id)
      print(ids.sort())
    },
  },
  'secret-grant': {
    usage: '<ID>',
    purpose: 'Grant access to a secret.',
    since: SINCE,
    flags: (context) => [relationFlag(context), ...texts('unit')],
    run({ context, args: [given, ...rest], flags }) {
      const id = requiredId(given)
      const relation = flags.relation ? findRelation(context.state, flags.relation) : context.relation
      if (relation === undefined) throw new ToolUsageError('no relation id specified')
      const { remoteApp } = relation
      checkUnit(flags.unit)
      if (flags.unit && applicationOf(flags.unit) !== remoteApp) {
        const [unit, application] = [flags.unit, remoteApp].map((name) => JSON.stringify(name))
        throw new ToolUsageError(`cannot specify unit ${unit} in relation to application ${application}`)
      }
      checkEmpty(rest)
      if (findSecret(ownSecrets(context), id) === undefined) throw notFound(id)
      const secret = ownSecret(context, id)
      if (secret !== undefined) grant(secret, flags.unit || remoteApp, relation.id)
    },
  },
  'secret-revoke': {
    usage: '<ID>',
    purpose: 'Revoke access to a secret.',
    since: SINCE,
    flags: (context) => [
      relationFlag(context),
      { names: ['app', 'application'], kind: 'text' },
      ...texts('unit'),
    ],
    run(call) {
      const [given, ...rest] = call.args
      const id = requiredId(given)
      const { to, relation } = revoked(call)
      checkEmpty(rest)
      const secret = ownSecret(call.context, id)
      if (secret === undefined) return
      const isMeant = ({ to: name, relation: through }: Secret['grants'][number]) =>
        (name === to || applicationOf(name) === to) && (relation === undefined || relation === through)
      secret.grants = secret.grants.filter((one) => !isMeant(one))
    },
  },
  'secret-remove': {
    usage: '<ID>',
    purpose: 'Remove an existing secret.',
    since: SINCE,
    flags: () => [{ names: ['revision'], kind: 'text', read: readRevision }],
    run({ context, args: [given, ...rest], flags }) {
      const id = requiredId(given)
      checkEmpty(rest)
      const secret = ownSecret(context, id)
      if (secret === undefined) return
      if (Number(flags.revision) > 0) delete secret.revisions[flags.revision ?? '']
      const isGone = !(Number(flags.revision) > 0) || Object.keys(secret.revisions).length === 0
      if (isGone) context.pending.secrets = editSecrets(context).filter((other) => other !== secret)
    },
  },
}
