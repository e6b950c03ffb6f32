from charms.reactive import RelationBase, hook, scopes


class Memcache(RelationBase):
    scope = scopes.UNIT

    @hook('{requires:memcache}-relation-joined')
    def joined(self):
        conversation = self.conversation()
        conversation.set_state('{relation_name}.connected')
        conversation.set_local(data={'name': conversation.scope, 'tries': 1})

    @hook('{requires:memcache}-relation-departed')
    def departed(self):
        self.conversation().remove_state('{relation_name}.connected')
