// The base class of responses (documentation 2.6). A subclass says in static fields what it holds.

import { ReactiveError } from '../../errors.ts'
import type { BaseRequest } from './base-request.ts'
import type { Exchange } from './exchange.ts'
import { FieldHolder } from './field.ts'

export type ResponseClass = new (request: BaseRequest, exchange: Exchange) => BaseResponse

/** The base class of the responses to requests. */
export class BaseResponse extends FieldHolder {
  readonly request: BaseRequest
  readonly #exchange: Exchange

  /** Responses are made by `request.respond`. */
  constructor(request: BaseRequest, exchange: Exchange) {
    super()
    this.request = request
    this.#exchange = exchange
  }

  /** Whether the other side has made it. */
  get isReceived(): boolean {
    return this.request.isCreated
  }

  override getField(name: string): unknown {
    return this.#exchange.response?.[name] ?? null
  }

  override setField(name: string, value: unknown): void {
    if (this.isReceived) throw new ReactiveError(`a received response cannot be changed: ${name}`)
    this.#exchange.changeResponse(name, value)
  }
}
