// What the handler files of a charm register, by running their top level as every hook does. In a simulated unit for
// a charm that is developed; on a live unit in the unit's own session, from which nothing is kept.

import { endpointsOf } from '../endpoints/endpoints.ts'
import { messageOf } from '../errors.ts'
import type { Condition } from '../handlers/conditions.ts'
import { discover, type HandlerFile, type NearMiss } from '../handlers/discover.ts'
import { type Answer, HandlerHost } from '../handlers/handler-files.ts'
import type { Handler, HandlerSource } from '../handlers/handlers.ts'
import type { Phase, Session, Trigger } from '../unit/session.ts'

/** A handler as data. */
export interface RegisteredHandler {
  id: string
  /** Path relative to the charm dir. */
  file: string
  line?: number
  /** In an interface layer the endpoint that it is for. */
  endpoint?: string
  phases: Phase[]
  /** None for a foreign executable. */
  conditions: Condition[]
  /** The flags whose change lets it run again; `any` for a foreign executable. */
  flags: string[] | 'any'
  actions: string[]
}

/** What keeps a handler file from registering. */
export interface RegistrationFault {
  file: string
  message: string
}

export interface Registration {
  files: HandlerFile[]
  nearMisses: NearMiss[]
  handlers: RegisteredHandler[]
  /** The triggers of the top level and of interface layers. */
  triggers: Omit<Trigger, 'callback'>[]
  /** Flags that the top level has set or cleared. */
  changes: { flag: string; set: boolean }[]
  faults: RegistrationFault[]
  /** Modules in Python that are not there, for which empty ones stood in. */
  standIns: string[]
}

/** Register all files of the charm. A file that cannot be registered is a fault, and the others go on. */
export async function registrationOf(
  session: Session,
  answer: (session: Session, line: readonly string[]) => ReturnType<Answer>,
): Promise<Registration> {
  const changes: Registration['changes'] = []
  session.onFlagChange = (flag, set) => changes.push({ flag, set })
  const { files, nearMisses } = discover(session.context)
  const host = new HandlerHost(session, (line) => answer(session, line))
  const faults: RegistrationFault[] = []
  const handlers = new Map<string, RegisteredHandler>()
  // Several at a time, as in a hook, until one fails; what it has started is not started again.
  void drain(host.register(files)).catch(() => undefined)
  for (const file of files) {
    const take = ({ handlers: found }: HandlerSource) => {
      // Callbacks of charmhelpers are due now and then, and belong to no file of the charm.
      const lasting = found.filter(({ id, isDue }) => isDue === undefined && !handlers.has(id))
      for (const handler of lasting) handlers.set(handler.id, asData(handler))
    }
    await attempt(file.path, faults, () => drain(host.register([file]), take))
  }
  await registerLayerTriggers(session, faults)
  await host.close().catch(() => undefined)
  return {
    files,
    nearMisses,
    handlers: [...handlers.values()],
    triggers: [...session.triggers.values()].flat().map(({ callback, ...trigger }) => trigger),
    changes,
    faults,
    standIns: [],
  }
}

async function drain(
  sources: AsyncIterable<HandlerSource>,
  take: (source: HandlerSource) => void = () => undefined,
): Promise<void> {
  for await (const source of sources) take(source)
}

async function attempt<T>(
  file: string,
  faults: RegistrationFault[],
  work: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await work()
  } catch (error) {
    const message = messageOf(error)
    if (!faults.some((known) => known.message === message)) faults.push({ file, message })
    return undefined
  }
}

async function registerLayerTriggers(session: Session, faults: RegistrationFault[]): Promise<void> {
  const endpoints = endpointsOf(session)
  await attempt('metadata.yaml', faults, () => endpoints.load(session))
  for (const name of endpoints.names)
    await attempt(`the interface layer of ${name}`, faults, async () =>
      endpoints.endpoint(name)?.registerTriggers(),
    )
}

/** A handler without what runs it. */
export function asData({
  id,
  file,
  line,
  endpoint,
  phases,
  conditions,
  flags,
  actions,
}: Handler): RegisteredHandler {
  return {
    id,
    file,
    ...(line !== undefined && { line }),
    ...(endpoint !== undefined && { endpoint }),
    phases: [...phases],
    conditions: [...(conditions ?? [])],
    flags: flags === 'any' ? 'any' : [...flags],
    actions: [...actions],
  }
}
