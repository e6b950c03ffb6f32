import { hook, RelationBase, scopes } from 'charms.reactive'

export class MySQL extends RelationBase {
  static scope = scopes.GLOBAL
  changed() {
    this.setState('{relation_name}.connected')
    this.toggleState('{relation_name}.available', Boolean(this.getRemote('host')))
    this.setLocal('seen', this.getRemote('host'))
  }
  gone() {
    this.removeState('{relation_name}.connected')
    this.removeState('{relation_name}.available')
  }
  static {
    hook('{requires:mysql}-relation-{joined,changed}', MySQL.prototype.changed)
    hook('{requires:mysql}-relation-{departed,broken}', MySQL.prototype.gone)
  }
}
