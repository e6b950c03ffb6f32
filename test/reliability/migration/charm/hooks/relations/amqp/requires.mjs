import { hook, RelationBase, scopes } from 'charms.reactive'

export class Amqp extends RelationBase {
  static scope = scopes.SERVICE
  joined() {
    const conversation = this.conversation()
    conversation.setState('{relation_name}.connected')
    conversation.setLocal({ name: conversation.scope, tries: 1 })
  }
  departed() {
    this.conversation().removeState('{relation_name}.connected')
  }
  static {
    hook('{requires:amqp}-relation-joined', Amqp.prototype.joined)
    hook('{requires:amqp}-relation-departed', Amqp.prototype.departed)
  }
}
