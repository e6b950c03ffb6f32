import { hook, RelationBase, scopes } from 'charms.reactive'

export class Memcache extends RelationBase {
  static scope = scopes.UNIT
  joined() {
    const conversation = this.conversation()
    conversation.setState('{relation_name}.connected')
    conversation.setLocal({ name: conversation.scope, tries: 1 })
  }
  departed() {
    this.conversation().removeState('{relation_name}.connected')
  }
  static {
    hook('{requires:memcache}-relation-joined', Memcache.prototype.joined)
    hook('{requires:memcache}-relation-departed', Memcache.prototype.departed)
  }
}
