// Classes of interface layers in Python: a class of ours stands for each, so that the engine treats their
// endpoints as any other, and hands the calls on.

import { Endpoint } from '../../endpoints/endpoint.ts'
import { type AnyEndpointClass, CALL_METHOD, endpointsOf, layerOfFile } from '../../endpoints/endpoints.ts'
import { RelationBase } from '../../endpoints/old-style/relation-base.ts'
import type { RequestRole } from '../../endpoints/requests/roles.ts'
import type { Session } from '../../unit/session.ts'
import type { PythonProcess } from './process.ts'

/** A class as Python reports it. */
export interface PythonClass {
  file: string
  name: string
  kind: 'endpoint' | 'relation'
  /** Of a relation. */
  scope: string
  /** Of an endpoint whose units make requests, or answer them. */
  role: RequestRole | null
  /** Of an endpoint: the methods of the base class that it has itself. */
  calls: string[]
}

/** Let the class stand for the endpoints that use its interface layer. */
export function implement(session: Session, process: PythonProcess, found: PythonClass): void {
  const names = layerOfFile(session, found.file)?.endpoints ?? []
  const made: AnyEndpointClass = MAKE[found.kind](found, process)
  Object.defineProperty(made, 'name', { value: found.name })
  for (const name of names) endpointsOf(session).implement(name, made)
}

const MAKE = {
  endpoint({ role, calls }: PythonClass, process: PythonProcess) {
    return class extends Endpoint {
      static readonly requestRole = role ?? undefined

      override async registerTriggers(): Promise<void> {
        await this.#call('register_triggers')
      }

      override async manageFlags(): Promise<void> {
        await this.#call('manage_flags')
      }

      [CALL_METHOD](method: string, args: readonly string[]): Promise<unknown> {
        return process.callAside('method', { endpoint: this.endpointName }, method, args)
      }

      async #call(method: string): Promise<void> {
        if (calls.includes(method)) await process.call('endpoint', this.endpointName, method)
      }
    }
  },
  relation({ scope }: PythonClass, process: PythonProcess) {
    return class extends RelationBase {
      static override scope = scope;

      [CALL_METHOD](method: string, args: readonly string[]): Promise<unknown> {
        const conversations = this.conversations().map(({ namespace, scope }) => [namespace, scope])
        return process.callAside('method', { endpoint: this.endpointName, conversations }, method, args)
      }
    }
  },
}
