// An interface layer in JavaScript.

import { Endpoint, when } from 'charms.reactive'
import { follow } from '../../../lib/plan.mjs'

export class Http extends Endpoint {
  whenJoined() {
    follow(`${this.endpointName}.joined`, this)
  }

  whenChanged() {
    follow(`${this.endpointName}.changed`, this)
  }

  whenDeparted() {
    follow(`${this.endpointName}.departed`, this)
  }

  static {
    when('endpoint.{endpoint_name}.joined', Http.prototype.whenJoined)
    when('endpoint.{endpoint_name}.changed', Http.prototype.whenChanged)
    when('endpoint.{endpoint_name}.departed', Http.prototype.whenDeparted)
  }
}
