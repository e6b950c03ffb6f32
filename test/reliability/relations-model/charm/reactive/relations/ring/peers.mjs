// An interface layer in JavaScript.

import { Endpoint, when } from 'charms.reactive'
import { follow } from '../../../lib/plan.mjs'

export class Ring extends Endpoint {
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
    when('endpoint.{endpoint_name}.joined', Ring.prototype.whenJoined)
    when('endpoint.{endpoint_name}.changed', Ring.prototype.whenChanged)
    when('endpoint.{endpoint_name}.departed', Ring.prototype.whenDeparted)
  }
}
